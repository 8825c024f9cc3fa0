-- Evidence from the site: when the information sign of a camera was looked at, and photos.

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

-- What a person saw in the picture of a camera; it counts until the camera no longer stands as it did then.
create table verified_view (
    camera_id varchar primary key check (length(camera_id) > 0),
    area_wkt varchar not null check (length(area_wkt) > 0),
    is_occluded boolean not null,
    photo_id varchar not null,
    note varchar not null,
    seen_on date not null,
    stance varchar not null check (length(stance) > 0),
    version integer not null check (version > 0)
);
