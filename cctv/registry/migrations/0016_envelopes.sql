-- Ceilings (pagu): money for a year that may be narrowed to a kelurahan, an agency, a source; empty text is all of them.
create table envelope (
    envelope_id varchar primary key check (length(envelope_id) > 0),
    year integer not null check (year between 2020 and 2100),
    kelurahan varchar not null,
    agency_id varchar not null,
    fund varchar not null check (fund in ('', 'apbd', 'papbd', 'dana_kelurahan', 'csr', 'provinsi')),
    amount_idr bigint not null check (amount_idr >= 0),
    carry_over boolean not null,
    source varchar not null check (length(source) > 0),
    version integer not null check (version > 0)
);

-- Codes that a proposal must carry (kamus usulan); who does not match the list is left out by the planning office.
create table usulan_code (
    code varchar primary key check (length(code) > 0),
    name varchar not null check (length(name) > 0),
    field varchar not null check (field in ('infrastruktur', 'pembangunan manusia', 'ekonomi')),
    source varchar not null check (length(source) > 0),
    is_assumption boolean not null,
    version integer not null check (version > 0)
);

-- What became of accepted points once their plan was signed: planned, tendered, installed, alive.
create table planned_camera (
    plan_point_id varchar primary key check (length(plan_point_id) > 0),
    plan_id varchar not null check (length(plan_id) > 0),
    state varchar not null check (state in ('planned', 'tendered', 'installed', 'alive')),
    state_since timestamptz not null,
    camera_id varchar not null,
    actual_idr bigint check (actual_idr >= 0),
    note varchar not null,
    version integer not null check (version > 0)
);
