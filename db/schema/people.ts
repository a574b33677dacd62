/** Members, their sessions and links. The tables of sign-in have the columns that better-auth wants. */
import { bigint, boolean, index, integer, pgTable, text, unique, uuid } from "drizzle-orm/pg-core";
import { at, bytea, createdAt } from "./columns.ts";

/** Members of the workspace. Written by lib/access; the columns are better-auth's, plus `role`, `disabledAt` and `narrowed`. */
export const users = pgTable("users", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique("users_email_unique"),
  emailVerified: boolean("email_verified").notNull().default(false),
  image: text("image"),
  role: text("role", { enum: ["viewer", "member", "admin"] })
    .notNull()
    .default("viewer"),
  /** Whether the provider's word for the address joins it: it was invited, and the member hasn't parted from the provider since. */
  joinsByEmail: boolean("joins_by_email").notNull().default(false),
  /** Set while an admin keeps them out: they can't sign in, and what they did stays. */
  disabledAt: at("disabled_at"),
  /** Whether `project_members` has a row of theirs: who has none is asked about no further. */
  narrowed: boolean("narrowed").notNull().default(false),
  createdAt: createdAt(),
  updatedAt: at("updated_at").notNull().defaultNow(),
});

export const sessions = pgTable(
  "sessions",
  {
    id: text("id").primaryKey(),
    token: text("token").notNull().unique("sessions_token_unique"),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    expiresAt: at("expires_at").notNull(),
    ipAddress: text("ip_address"),
    userAgent: text("user_agent"),
    createdAt: createdAt(),
    updatedAt: at("updated_at").notNull().defaultNow(),
  },
  (table) => [index("sessions_of_user").on(table.userId)],
);

/**
 * How a member signs in: a password (`credential`), or the provider, whose issuer stands after `oidc:` and whose name for the
 * person is `accountId`. Tokens of the provider are kept nowhere.
 */
export const accounts = pgTable(
  "accounts",
  {
    id: text("id").primaryKey(),
    accountId: text("account_id").notNull(),
    providerId: text("provider_id").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    accessToken: text("access_token"),
    refreshToken: text("refresh_token"),
    idToken: text("id_token"),
    accessTokenExpiresAt: at("access_token_expires_at"),
    refreshTokenExpiresAt: at("refresh_token_expires_at"),
    scope: text("scope"),
    password: text("password"),
    createdAt: createdAt(),
    updatedAt: at("updated_at").notNull().defaultNow(),
  },
  (table) => [
    index("accounts_of_user").on(table.userId),
    // of two sign-ins at once one joins
    unique("accounts_identity_unique").on(table.providerId, table.accountId),
  ],
);

export const verifications = pgTable("verifications", {
  id: text("id").primaryKey(),
  identifier: text("identifier").notNull(),
  value: text("value").notNull(),
  expiresAt: at("expires_at").notNull(),
  createdAt: createdAt(),
  updatedAt: at("updated_at").notNull().defaultNow(),
});

export const rateLimits = pgTable("rate_limits", {
  id: text("id").primaryKey(),
  key: text("key").notNull().unique("rate_limits_key_unique"),
  count: integer("count").notNull(),
  lastRequest: bigint("last_request", { mode: "number" }).notNull(),
});

/** Keys with which members sign in without a password. Written by better-auth's plugin; only public keys are kept. */
export const passkeys = pgTable(
  "passkeys",
  {
    id: text("id").primaryKey(),
    name: text("name"),
    /** COSE, base64. */
    publicKey: text("public_key").notNull(),
    userId: text("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    credentialID: text("credential_id").notNull().unique("passkeys_credential_unique"),
    /** Of signatures, where the key counts them: one that goes back was copied. */
    counter: bigint("counter", { mode: "number" }).notNull(),
    deviceType: text("device_type").notNull(),
    backedUp: boolean("backed_up").notNull(),
    transports: text("transports"),
    createdAt: createdAt(),
    /** The authenticator's model. */
    aaguid: text("aaguid"),
  },
  (table) => [index("passkeys_of_user").on(table.userId)],
);

/** One-time links: the first admin's, invitations, and sign-in for somebody who lost a password. */
export const links = pgTable("links", {
  id: uuid("id").primaryKey(),
  /** SHA-256 of the 256-bit secret, which is shown once and kept nowhere. */
  secretHash: bytea("secret_hash").notNull().unique("links_secret_unique"),
  purpose: text("purpose", { enum: ["first-admin", "invitation", "sign-in"] }).notNull(),
  /** Null: whoever holds the link names the address. */
  email: text("email"),
  role: text("role", { enum: ["viewer", "member", "admin"] }).notNull(),
  /** The member who made it, by name, and by id: who is removed leaves none behind. Null: the command line did. */
  createdBy: text("created_by"),
  createdById: text("created_by_id"),
  expiresAt: at("expires_at").notNull(),
  /** Null while unspent. */
  spentAt: at("spent_at"),
  createdAt: createdAt(),
});
