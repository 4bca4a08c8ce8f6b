"""The register of assignments: who has which role when, by two people, and no two duties on one day."""

from alembic import op

from shared.service_kit.database.grants import grant

revision = "0004"
down_revision = "0003"

_TABLES = (
    """
CREATE TABLE assignment_proposals (
    proposal_id uuid PRIMARY KEY,
    proposer text NOT NULL,
    proposed_at timestamptz NOT NULL,
    reason text NOT NULL,
    sha256 text NOT NULL,
    correlation text NOT NULL,
    CONSTRAINT assignment_proposals_proposer UNIQUE (proposal_id, proposer)
)""",
    """
CREATE TABLE assignments (
    assignment_id uuid PRIMARY KEY,
    proposal_id uuid NOT NULL,
    place integer NOT NULL,
    proposer text NOT NULL,
    person text NOT NULL CONSTRAINT assignments_person CHECK (person ~ '^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$'),
    duty text NOT NULL,
    role text,
    districts jsonb NOT NULL,
    programmes jsonb NOT NULL,
    stands_in_for text,
    valid_from date NOT NULL,
    valid_to date,
    CONSTRAINT assignments_by_proposer
        FOREIGN KEY (proposal_id, proposer) REFERENCES assignment_proposals (proposal_id, proposer),
    CONSTRAINT assignments_proposed UNIQUE (assignment_id, proposer, person),
    CONSTRAINT assignments_of_another CHECK (proposer <> 'person:' || person),
    CONSTRAINT assignments_period CHECK (valid_from <= valid_to),
    CONSTRAINT assignments_role_or_substitution CHECK ((role IS NULL) = (stands_in_for IS NOT NULL)),
    CONSTRAINT assignments_not_for_oneself CHECK (stands_in_for <> person),
    CONSTRAINT assignments_substitution_days
        CHECK (stands_in_for IS NULL OR coalesce(valid_to - valid_from < 92, false))
)""",
    "CREATE INDEX assignments_person_from ON assignments (person, valid_from)",
    "CREATE INDEX assignments_of_proposal ON assignments (proposal_id, place)",
    """
CREATE TABLE assignment_approvals (
    assignment_id uuid PRIMARY KEY,
    proposer text NOT NULL,
    person text NOT NULL,
    approver text NOT NULL,
    approved_at timestamptz NOT NULL,
    sha256 text NOT NULL,
    CONSTRAINT assignment_approvals_proposed
        FOREIGN KEY (assignment_id, proposer, person) REFERENCES assignments (assignment_id, proposer, person),
    CONSTRAINT assignment_approvals_two_people CHECK (approver <> proposer),
    CONSTRAINT assignment_approvals_of_another CHECK (approver <> 'person:' || person)
)""",
    """
CREATE TABLE assignment_ends (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    assignment_id uuid NOT NULL REFERENCES assignment_approvals,
    last_day date NOT NULL,
    at_once boolean NOT NULL,
    reason text NOT NULL,
    ended_by text NOT NULL,
    ended_at timestamptz NOT NULL
)""",
    "CREATE INDEX assignment_ends_of ON assignment_ends (assignment_id)",
    """
CREATE TABLE access_matrices (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    recorded_at timestamptz NOT NULL,
    sha256 text NOT NULL,
    matrix jsonb NOT NULL
)""",
)

# One at a time for a person, so that two approvals at once cannot pass one another.
_ONE_DUTY = """
CREATE FUNCTION one_duty_a_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('assignments:' || NEW.person));
    IF EXISTS (
        WITH held AS (
            SELECT a.assignment_id, a.duty, a.valid_from,
                   least(coalesce(a.valid_to, 'infinity'), coalesce(min(e.last_day), 'infinity')) AS last_day
            FROM assignments a
            LEFT JOIN assignment_approvals p USING (assignment_id)
            LEFT JOIN assignment_ends e USING (assignment_id)
            WHERE a.person = NEW.person AND (p.assignment_id IS NOT NULL OR a.assignment_id = NEW.assignment_id)
            GROUP BY a.assignment_id
        )
        SELECT 1 FROM held mine JOIN held other ON other.duty <> mine.duty
        WHERE mine.assignment_id = NEW.assignment_id
          AND greatest(mine.valid_from, other.valid_from) <= least(mine.last_day, other.last_day)
    ) THEN
        RAISE EXCEPTION 'one_duty_a_day: another duty on the same day' USING ERRCODE = 'exclusion_violation';
    END IF;
    RETURN NEW;
END $$"""


def upgrade() -> None:
    """Make the register; the runtime role may read and append, nothing else."""
    for statement in _TABLES:
        op.execute(statement)
    op.execute(_ONE_DUTY)
    op.execute(
        "CREATE TRIGGER one_duty_a_day BEFORE INSERT ON assignment_approvals "
        "FOR EACH ROW EXECUTE FUNCTION one_duty_a_day()",
    )
    for table in ("assignment_proposals", "assignments", "assignment_approvals", "assignment_ends", "access_matrices"):
        grant(op, table, "SELECT, INSERT")
