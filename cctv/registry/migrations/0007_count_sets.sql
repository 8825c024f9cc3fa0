-- Counts at points (people, vehicles, incidents) that may weigh public space; a set is added and removed as a whole.

create table count_set (
    set_id varchar primary key check (length(set_id) > 0),
    factor varchar not null check (factor in ('exposure', 'incident')),
    title varchar not null check (length(title) > 0),
    source varchar not null check (length(source) > 0),
    as_of date not null,
    kind varchar not null check (kind in ('measured', 'estimated', 'synthetic')),
    n_points integer not null check (n_points >= 0),
    n_outside integer not null check (n_outside >= 0),
    n_refused integer not null check (n_refused >= 0),
    file_name varchar not null,
    file_sha256 varchar not null,
    added_at timestamptz not null,
    added_by varchar not null check (length(added_by) > 0),
    is_on boolean not null,
    version integer not null check (version > 0)
);

create table count_point (
    set_id varchar not null,
    row_no integer not null,
    x_m double not null,
    y_m double not null,
    amount double not null check (amount >= 0),
    on_day date not null,
    is_inside boolean not null
);
