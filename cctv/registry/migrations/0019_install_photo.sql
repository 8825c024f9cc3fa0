-- The photo that shows how a camera is installed: the newest one; earlier ones stay in the table of photos.

create table install_photo (
    camera_id varchar primary key check (length(camera_id) > 0),
    photo_id varchar not null check (length(photo_id) > 0),
    taken_on date,
    note varchar not null,
    version integer not null check (version > 0)
);
