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

-- What the app noticed about a camera: raised once, ended when it is over, confirmed or refused by a person.
create table alert (
    alert_id bigint primary key,
    camera_id varchar not null check (length(camera_id) > 0),
    kind varchar not null check (kind in ('dead', 'back', 'black', 'frozen', 'blurred', 'covered', 'moved')),
    reason varchar not null,
    raised_at timestamptz not null,
    ended_at timestamptz,
    decision varchar not null check (decision in ('', 'confirmed', 'refused')),
    decided_by varchar not null,
    decided_at timestamptz,
    reference_jpeg blob,
    picture_jpeg blob
);

-- Shifts: who took over which post when, and what was looked at one by one.
create table shift (
    shift_id bigint primary key,
    username varchar not null check (length(username) > 0),
    post varchar not null check (length(post) > 0),
    started_at timestamptz not null
);

create table shift_check (
    shift_id bigint not null,
    item varchar not null check (length(item) > 0),
    words varchar not null,
    username varchar not null check (length(username) > 0),
    checked_at timestamptz not null,
    primary key (shift_id, item)
);
