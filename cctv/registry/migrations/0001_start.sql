-- The register. Constraints stand here from the first day: DuckDB cannot add them to a table later.
-- No foreign keys and no triggers (docs/decisions/0003-register-store.md); the store functions check references.

create sequence history_id;

create table agency (
    agency_id varchar primary key check (length(agency_id) > 0),
    name varchar not null check (length(name) > 0),
    kind varchar not null check (kind in ('opd', 'police', 'vertical', 'private')),
    source varchar not null,
    as_of date not null,
    certainty varchar not null check (certainty in ('A', 'B', 'C', 'synthetic')),
    version integer not null check (version > 0)
);

create table point (
    point_id varchar primary key check (length(point_id) > 0),
    name varchar not null check (length(name) > 0),
    lon double check (lon between 94 and 142),
    lat double check (lat between -12 and 7),
    position_certainty varchar not null
        check (position_certainty in ('A', 'B', 'C', 'guess', 'unknown', 'synthetic')),
    est_error_m double check (est_error_m >= 0 and est_error_m < 100000),
    mount varchar not null check (mount in ('pole', 'wall', 'roof')),
    kelurahan varchar not null,
    street varchar not null,
    kind varchar not null check (kind in ('real', 'schematic', 'synthetic')),
    source varchar not null,
    as_of date not null,
    note varchar not null,
    version integer not null check (version > 0),
    check ((lon is null) = (lat is null))
);

create table camera (
    camera_id varchar primary key check (length(camera_id) > 0),
    point_id varchar not null,
    name varchar not null check (length(name) > 0),
    agency_id varchar not null,
    model varchar not null,
    camera_type varchar not null check (camera_type in ('fixed', 'ptz', 'dome')),
    height_m double check (height_m > 0 and height_m <= 100),
    azimuth_deg double check (azimuth_deg >= 0 and azimuth_deg < 360),
    azimuth_source varchar not null check (azimuth_source in ('measured', 'aimed', 'words', 'unknown')),
    azimuth_words varchar not null,
    tilt_deg double check (tilt_deg >= -30 and tilt_deg <= 90),
    hfov_deg double check (hfov_deg > 0 and hfov_deg <= 360),
    vfov_deg double check (vfov_deg > 0 and vfov_deg < 180),
    range_m double check (range_m > 0 and range_m <= 2000),
    resolution_px integer check (resolution_px > 0 and resolution_px <= 20000),
    status varchar not null check (status in ('on', 'off', 'trouble', 'maintenance', 'removed')),
    status_since timestamptz,
    status_reason varchar not null,
    stream_secret varchar not null,
    purpose varchar not null,
    sign boolean,
    installed_on date,
    kind varchar not null check (kind in ('real', 'synthetic')),
    certainty varchar not null check (certainty in ('A', 'B', 'C', 'synthetic')),
    source varchar not null,
    as_of date not null,
    version integer not null check (version > 0)
);

create table price (
    item_id varchar primary key check (length(item_id) > 0),
    name varchar not null check (length(name) > 0),
    unit varchar not null,
    price_idr bigint not null check (price_idr >= 0),
    source varchar not null,
    as_of date not null,
    is_assumption boolean not null,
    note varchar not null,
    version integer not null check (version > 0)
);

create table history (
    change_id bigint primary key,
    changed_at timestamptz not null,
    actor varchar not null check (length(actor) > 0),
    entity varchar not null,
    entity_id varchar not null,
    op varchar not null check (op in ('create', 'update', 'remove')),
    reason varchar not null,
    before json not null,
    after json not null
);

create table account (
    username varchar primary key check (length(username) > 0),
    display_name varchar not null check (length(display_name) > 0),
    role varchar not null check (role in ('viewer', 'planner', 'operator', 'editor', 'admin')),
    agency_id varchar,
    active boolean not null,
    is_demo boolean not null,
    password_hash varchar not null,
    failures integer not null check (failures >= 0),
    locked_until timestamptz,
    version integer not null check (version > 0)
);

create table session (
    session_hash varchar primary key,
    username varchar not null,
    opened_at timestamptz not null,
    expires_at timestamptz not null
);

create table setup_token (
    token_hash varchar primary key,
    expires_at timestamptz not null
);

create table access_log (
    happened_at timestamptz not null,
    username varchar not null,
    action varchar not null,
    target varchar not null,
    detail varchar not null
);
