-- Evidence from the site: when the information sign of a camera was looked at, and photos of it.

create table photo (
    photo_id varchar primary key check (length(photo_id) > 0),
    camera_id varchar not null,
    jpeg blob not null,
    added_at timestamptz not null,
    added_by varchar not null check (length(added_by) > 0)
);

create table sign_check (
    camera_id varchar primary key check (length(camera_id) > 0),
    checked_on date not null,
    photo_id varchar not null,
    note varchar not null,
    version integer not null check (version > 0)
);
