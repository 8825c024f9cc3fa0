-- How each camera looks when all is well, by day and by night: what its later pictures are compared with.

create table picture_reference (
    camera_id varchar not null,
    light varchar not null check (light in ('day', 'night')),
    stance varchar not null,
    made_at timestamptz not null,
    made_of integer not null check (made_of > 0),
    pictures blob not null,
    primary key (camera_id, light)
);
