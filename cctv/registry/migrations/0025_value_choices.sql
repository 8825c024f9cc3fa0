-- What the words of an agency mean, as a person confirmed it: an owner's spelling, a word for a status, a direction.
create table value_choice (
    owner_id varchar not null,
    field varchar not null check (length(field) > 0),
    raw varchar not null check (length(raw) > 0),
    meaning varchar not null,
    confirmed_by varchar not null check (length(confirmed_by) > 0),
    confirmed_at timestamptz not null,
    primary key (owner_id, field, raw)
);
