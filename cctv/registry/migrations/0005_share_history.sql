-- Shares as they were first computed on a day with a version of the method: evidence, so rows are added and never changed.

create table share_day (
    on_day date not null,
    method_version varchar not null check (length(method_version) > 0),
    cameras varchar not null check (cameras in ('alive', 'designed')),
    scope varchar not null,
    measure varchar not null check (measure in ('area', 'corridor', 'demand', 'twice')),
    low double not null check (low >= 0 and low <= 1),
    high double not null check (high >= 0 and high <= 1),
    is_synthetic boolean not null,
    fingerprint varchar not null check (length(fingerprint) > 0),
    computed_at timestamptz not null,
    primary key (on_day, method_version, cameras, scope, measure),
    check (low <= high)
);
