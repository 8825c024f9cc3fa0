-- Results that took computing and can be computed again at any time; no history, nobody edits them.
create table computed (
    kind varchar not null check (length(kind) > 0),
    key varchar not null check (length(key) > 0),
    value blob not null,
    made_at timestamptz not null,
    primary key (kind, key)
);
