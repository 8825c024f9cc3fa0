-- Private owners that are invited to join: what is known of each beside its row in agency, and how far it has come.
create table owner (
    owner_id varchar primary key check (length(owner_id) > 0),
    sector varchar not null check (sector in ('mall', 'shop', 'market', 'bank', 'school', 'hospital', 'housing', 'hotel',
        'office', 'factory', 'fuel', 'worship', 'other')),
    address varchar not null,
    kelurahan varchar not null,
    lon double check (lon between 94 and 142),
    lat double check (lat between -12 and 7),
    cameras_stated integer check (cameras_stated between 0 and 10000),
    consent varchar not null check (consent in ('none', 'register', 'live')),
    state varchar not null check (state in ('recorded', 'letter_sent', 'agreed', 'declined', 'technical_check',
        'integrated', 'withdrawn')),
    state_on date not null,
    contact_secret varchar not null,
    note varchar not null,
    version integer not null check (version > 0),
    check ((lon is null) = (lat is null))
);

-- Every step an owner has taken; a step that was taken back stays, with who took it back. cameras: what a withdrawal removed.
create table owner_step (
    step_id varchar primary key check (length(step_id) > 0),
    owner_id varchar not null check (length(owner_id) > 0),
    from_state varchar not null,
    from_on date not null,
    from_consent varchar not null,
    to_state varchar not null,
    happened_on date not null,
    consent varchar not null,
    note varchar not null,
    cameras varchar not null,
    recorded_by varchar not null check (length(recorded_by) > 0),
    recorded_at timestamptz not null,
    undone_by varchar not null,
    undone_at timestamptz,
    version integer not null check (version > 0)
);

-- How letters are numbered, signed and reasoned, and how long an answer may take; one row.
create table letter_rule (
    rule_id varchar primary key check (rule_id = 'surat'),
    number_pattern varchar not null,
    sender varchar not null,
    signer varchar not null,
    signer_title varchar not null,
    signer_nip varchar not null,
    legal_basis varchar not null,
    public_address varchar not null,
    reply_days integer not null check (reply_days between 1 and 365),
    check_days integer not null check (check_days between 1 and 365),
    link_days integer not null check (link_days between 1 and 365),
    version integer not null check (version > 0)
);

create table letter_template (
    template_id varchar primary key check (template_id in ('surat', 'formulir')),
    docx blob not null,
    file_name varchar not null,
    version integer not null check (version > 0)
);

create table letter (
    letter_id varchar primary key check (length(letter_id) > 0),
    owner_id varchar not null check (length(owner_id) > 0),
    letter_number varchar not null check (length(letter_number) > 0),
    issued_on date not null,
    sequence integer not null check (sequence > 0),
    link_id varchar not null check (length(link_id) > 0),
    version integer not null check (version > 0)
);

-- Links to the self-registration form: the token is in no row, only its hash is.
create table owner_link (
    link_id varchar primary key check (length(link_id) > 0),
    owner_id varchar not null check (length(owner_id) > 0),
    token_hash varchar not null check (length(token_hash) = 64),
    expires_on date not null,
    revoked boolean not null,
    version integer not null check (version > 0)
);

-- What owners sent through their link; nothing of it is in the register before a person has accepted it.
create table self_registration (
    registration_id varchar primary key check (length(registration_id) > 0),
    owner_id varchar not null check (length(owner_id) > 0),
    link_id varchar not null check (length(link_id) > 0),
    sent_at timestamptz not null,
    consent varchar not null check (consent in ('register', 'live')),
    contact_secret varchar not null,
    cameras varchar not null,
    note varchar not null,
    state varchar not null check (state in ('waiting', 'accepted', 'refused')),
    decision_note varchar not null,
    version integer not null check (version > 0)
);

create table registration_photo (
    registration_id varchar not null,
    place integer not null check (place >= 0),
    jpeg blob not null,
    primary key (registration_id, place)
);
