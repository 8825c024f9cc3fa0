-- Walls of pictures that a role has put together: which cameras, in which order, how many at a time.

create table wall_layout (
    layout_id varchar primary key check (length(layout_id) > 0),
    role varchar not null check (role in ('viewer', 'planner', 'operator', 'editor', 'admin')),
    name varchar not null check (length(name) > 0),
    size integer not null check (size in (1, 4, 9, 16)),
    camera_ids json not null,
    version integer not null check (version > 0)
);
