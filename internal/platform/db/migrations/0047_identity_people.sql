-- +goose Up
-- How to reach the person of an account, and when it last signed in. A grant that was lent
-- keeps in whose place it acts.
ALTER TABLE identity_account ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE identity_account ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE identity_account ADD COLUMN last_sign_in TIMESTAMP;
UPDATE identity_account SET last_sign_in = (
    SELECT max(at) FROM audit_entry WHERE account_id = identity_account.id AND action = 'identity.signIn'
);
ALTER TABLE identity_grant ADD COLUMN in_place_of TEXT REFERENCES identity_account (id);
CREATE INDEX identity_grant_lent ON identity_grant (in_place_of) WHERE in_place_of IS NOT NULL;
