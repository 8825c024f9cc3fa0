-- Whether cameras answered, counted per hour: evidence for owners and maintainers. Rows are counted up, then kept.

create table camera_health (
    camera_id varchar not null,
    hour timestamptz not null,
    polls integer not null check (polls > 0),
    answered integer not null check (answered >= 0 and answered <= polls),
    reason varchar not null,
    last_poll timestamptz not null,
    primary key (camera_id, hour)
);
