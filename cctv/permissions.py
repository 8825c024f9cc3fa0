"""Who may do what. Pure: no screen, no store."""

from enum import StrEnum


class Role(StrEnum):
    """What an account is for."""

    VIEWER = "viewer"  # mayor's office
    PLANNER = "planner"  # budget planning
    OPERATOR = "operator"  # command centre
    EDITOR = "editor"  # public works, keeps the register
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing that can be allowed."""

    SEE_MAP = "see_map"
    SEE_PICTURES = "see_pictures"
    SEE_VIEWSHEDS = "see_viewsheds"
    SEE_GAPS = "see_gaps"
    EXPORT_GAPS = "export_gaps"
    SEE_REGISTER = "see_register"
    PLAN = "plan"
    EDIT_PLANS = "edit_plans"
    SIGN_PLANS = "sign_plans"
    EDIT_REGISTER = "edit_register"
    SET_WEIGHTS = "set_weights"
    VERIFY_VIEWS = "verify_views"
    REPORT_FAULTS = "report_faults"
    HANDLE_TICKETS = "handle_tickets"
    SEE_STREAM_ADDRESS = "see_stream_address"
    SEE_OWNERS = "see_owners"
    EDIT_OWNERS = "edit_owners"
    SEE_CONTACTS = "see_contacts"
    SET_LETTERS = "set_letters"
    HANDLE_INCIDENTS = "handle_incidents"
    KEEP_WATCH = "keep_watch"
    MANAGE_ACCOUNTS = "manage_accounts"


_COMMON = {Permission.SEE_MAP, Permission.SEE_PICTURES, Permission.SEE_VIEWSHEDS, Permission.SEE_REGISTER}

GRANTED: dict[Role, frozenset[Permission]] = {
    Role.VIEWER: frozenset(
        _COMMON | {Permission.SEE_GAPS, Permission.PLAN, Permission.SIGN_PLANS, Permission.SEE_OWNERS}
    ),
    Role.PLANNER: frozenset(
        _COMMON
        | {Permission.SEE_GAPS, Permission.EXPORT_GAPS, Permission.PLAN, Permission.EDIT_PLANS, Permission.SET_WEIGHTS}
        | {Permission.SEE_OWNERS}
    ),
    Role.OPERATOR: frozenset(
        _COMMON
        | {Permission.VERIFY_VIEWS, Permission.REPORT_FAULTS, Permission.HANDLE_INCIDENTS, Permission.KEEP_WATCH}
    ),
    Role.EDITOR: frozenset(
        _COMMON
        | {Permission.SEE_GAPS, Permission.EDIT_REGISTER, Permission.VERIFY_VIEWS, Permission.SEE_STREAM_ADDRESS}
        | {Permission.REPORT_FAULTS, Permission.HANDLE_TICKETS}
        | {Permission.SEE_OWNERS, Permission.EDIT_OWNERS, Permission.SEE_CONTACTS}
    ),
    Role.ADMIN: frozenset(Permission),
}


def allows(role: Role, permission: Permission) -> bool:
    """Say whether a role may do a thing.

    Parameters
    ----------
    role : Role
        Role of the account.
    permission : Permission
        What is asked for.

    Returns
    -------
    bool
        True if it is granted.
    """
    return permission in GRANTED[role]
