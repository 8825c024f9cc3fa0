-- Lists of agencies that were taken over: one record per list, what it wrote, what of it was guessed, and which field
-- a person said a column holds.

create table import_record (
    import_id varchar primary key check (length(import_id) > 0),
    file_name varchar not null check (length(file_name) > 0),
    sha256 varchar not null check (length(sha256) = 64),
    owner_id varchar not null,
    as_of date not null,
    mapping json not null,
    counts json not null,
    imported_at timestamptz not null,
    imported_by varchar not null check (length(imported_by) > 0),
    state varchar not null check (state in ('done', 'rolled_back')),
    version integer not null check (version > 0)
);

-- What an import wrote; "before" holds what an update changed, stream addresses as encrypted as in the camera.
create table import_item (
    import_id varchar not null,
    entity varchar not null check (entity in ('point', 'camera')),
    entity_id varchar not null,
    op varchar not null check (op in ('create', 'update')),
    version_after integer not null check (version_after > 0),
    before json not null,
    primary key (import_id, entity, entity_id)
);

-- A guess stays marked for as long as the value that was guessed still stands there.
create table import_flag (
    import_id varchar not null,
    entity varchar not null check (entity in ('point', 'camera')),
    entity_id varchar not null,
    field varchar not null,
    value varchar not null,
    codes varchar[] not null,
    line varchar not null,
    primary key (import_id, entity, entity_id, field)
);

create table column_choice (
    owner_id varchar not null,
    header varchar not null check (length(header) > 0),
    field varchar not null,
    chosen_by varchar not null check (length(chosen_by) > 0),
    chosen_at timestamptz not null,
    primary key (owner_id, header)
);
