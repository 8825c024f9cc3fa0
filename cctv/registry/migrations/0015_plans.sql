-- Plans that people keep: which points for which money, at which prices, by which run, and what was decided.
-- Lines of cost, the price list as it was and the marks of the run never change: they are kept as JSON text.

alter table price add column tkdn_percent double;

create table plan (
    plan_id varchar primary key check (length(plan_id) > 0),
    name varchar not null check (length(name) > 0),
    year integer not null check (year between 2020 and 2100),
    budget_idr bigint not null check (budget_idr >= 0),
    state varchar not null check (state in ('draft', 'signed', 'archived')),
    created_at timestamptz not null,
    created_by varchar not null check (length(created_by) > 0),
    signed_at timestamptz,
    signed_by varchar not null,
    copy_of varchar not null,
    tax_bp integer not null check (tax_bp between 0 and 5000),
    round_step_idr integer not null check (round_step_idr > 0),
    round_way varchar not null check (round_way in ('nearest', 'up', 'down')),
    prices varchar not null check (length(prices) > 0),
    run varchar not null check (length(run) > 0),
    version integer not null check (version > 0),
    check (state <> 'draft' or signed_at is null)
);

create table plan_point (
    plan_point_id varchar primary key check (length(plan_point_id) > 0),
    plan_id varchar not null check (length(plan_id) > 0),
    rank integer not null check (rank > 0),
    street varchar not null,
    kelurahan varchar not null,
    lon double not null check (lon between 94 and 142),
    lat double not null check (lat between -12 and 7),
    azimuth_deg double check (azimuth_deg >= 0 and azimuth_deg < 360),
    model varchar not null check (length(model) > 0),
    fibre_m double not null check (fibre_m >= 0),
    gain_m2 double not null,
    gain_weight bigint not null,
    lines varchar not null check (length(lines) > 0),
    usulan_code varchar not null,
    agency_id varchar not null,
    fund varchar not null check (fund in ('', 'apbd', 'papbd', 'dana_kelurahan', 'csr', 'provinsi')),
    land_status varchar not null check (land_status in ('unknown', 'city', 'permitted', 'not_permitted')),
    decision varchar not null check (decision in ('open', 'accepted', 'postponed', 'refused')),
    decision_note varchar not null,
    decided_by varchar not null,
    decided_at timestamptz,
    version integer not null check (version > 0)
);
