-- Repairs: what is wrong with a camera, whose work it is, until when, what it cost. The camera's status follows them.
create sequence ticket_number;

create table ticket (
    ticket_id varchar primary key check (length(ticket_id) > 0),
    camera_id varchar not null check (length(camera_id) > 0),
    fault varchar not null check (fault in ('dead', 'misaimed', 'blocked', 'other')),
    state varchar not null check (state in ('open', 'in_work', 'done', 'refused')),
    source varchar not null check (source in ('person', 'poll')),
    agency_id varchar not null,
    maintainer varchar not null,
    reported_by varchar not null check (length(reported_by) > 0),
    reported_at timestamptz not null,
    due_on date not null,
    cost_idr bigint check (cost_idr >= 0),
    note varchar not null,
    status_before varchar not null,
    closed_at timestamptz,
    closed_by varchar not null,
    photo_id varchar not null,
    version integer not null check (version > 0),
    check ((closed_at is not null) = (state in ('done', 'refused')))
);

-- How long a camera has not answered: questions in a row, only of rounds in which some other camera answered.
create table camera_silence (
    camera_id varchar primary key,
    unanswered integer not null check (unanswered >= 0),
    silent_since timestamptz,
    last_answer timestamptz,
    last_poll timestamptz not null,
    check ((unanswered > 0) = (silent_since is not null))
);
