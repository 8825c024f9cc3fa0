-- Incidents: where, what, which cameras were found; a time line that only grows; pictures kept as evidence.

create table incident (
    incident_id varchar primary key check (length(incident_id) > 0),
    title varchar not null check (length(title) > 0),
    kind varchar not null check (kind in ('crime', 'accident', 'fire', 'crowd', 'flood', 'other')),
    place varchar not null,
    lon double not null check (lon between -180 and 180),
    lat double not null check (lat between -90 and 90),
    state varchar not null check (state in ('open', 'closed')),
    opened_at timestamptz not null,
    opened_by varchar not null check (length(opened_by) > 0),
    closed_at timestamptz,
    cameras json not null,
    version integer not null check (version > 0)
);

create table incident_entry (
    incident_id varchar not null,
    entry integer not null check (entry > 0),
    written_at timestamptz not null,
    username varchar not null check (length(username) > 0),
    kind varchar not null check (kind in ('opened', 'note', 'pictures', 'closed', 'reopened', 'taken')),
    words varchar not null,
    primary key (incident_id, entry)
);

create table incident_picture (
    incident_id varchar not null,
    camera_id varchar not null,
    taken_at timestamptz not null,
    kept_by varchar not null check (length(kept_by) > 0),
    sha256 varchar not null check (length(sha256) = 64),
    jpeg blob not null,
    primary key (incident_id, camera_id, taken_at)
);
