using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;

namespace Plug1.Kernel.Security;

/// <summary>Every reason for which signing in, users, roles, tokens and second persons say no.</summary>
public static class SecurityRefusals
{
    /// <summary>Nobody is signed in.</summary>
    public static readonly Refusal SignInRequired = new("SIGN_IN_REQUIRED", "Sign in first.", Status: 401);

    /// <summary>Name, password or code do not fit; which of them is not said.</summary>
    public static readonly Refusal SignInFailed = new("SIGN_IN_FAILED", "The user name, the password or the code is not right.", Status: 401);

    /// <summary>The password is right and the account asks for a code too.</summary>
    public static readonly Refusal CodeRequired =
        new("SIGN_IN_CODE_REQUIRED", "Enter the code that your authenticator application shows.", At: "/code", Status: 401);

    /// <summary>Too many failed attempts by this name, whether such a user exists or not.</summary>
    public static readonly Refusal Locked =
        new("SIGN_IN_LOCKED", "There were too many failed attempts. Wait a quarter of an hour, or ask an administrator.", Status: 401);

    /// <summary>The password now in force was not given rightly.</summary>
    public static readonly Refusal PasswordWrong = new("PASSWORD_WRONG", "The present password is not right.", At: "/current");

    /// <summary>The code does not fit the secret.</summary>
    public static readonly Refusal CodeWrong = new("TOTP_CODE_WRONG", "The code does not fit. Check the clock of your device and try the next code.", At: "/code");

    /// <summary>There is no new secret to confirm.</summary>
    public static readonly Refusal TotpNotStarted = new("TOTP_NOT_STARTED", "Ask for a new secret first.", Status: 409);

    /// <summary>The maker and the decider are one person.</summary>
    public static readonly Refusal FourEyes = new("FOUR_EYES", "Another person has to do this.", Status: 403);

    /// <summary>The approval was used, has run out, or was given for something else.</summary>
    public static readonly Refusal ApprovalInvalid =
        new("APPROVAL_INVALID", "The approval was used already, has run out, or was given for something else. Ask for it again.", At: "/approval/token");

    /// <summary>No such user.</summary>
    public static readonly Refusal UserUnknown = new("NOT_FOUND", "There is no such user.", Status: 404);

    /// <summary>No such role.</summary>
    public static readonly Refusal RoleUnknown = new("NOT_FOUND", "There is no such role.", Status: 404);

    /// <summary>No such permission.</summary>
    public static readonly Refusal PermissionUnknown = new("NOT_FOUND", "There is no such permission.", Status: 404);

    /// <summary>No such token.</summary>
    public static readonly Refusal TokenUnknown = new("NOT_FOUND", "There is no such token.", Status: 404);

    /// <summary>The user name is taken.</summary>
    public static readonly Refusal UserExists = new("USER_EXISTS", "There is a user of this name already.", At: "/userName", Status: 409);

    /// <summary>The user name has other characters than it may have.</summary>
    public static readonly Refusal UserNameInvalid = new(
        "USER_NAME_INVALID", "A user name has 2 to 64 letters without accents, digits, and the signs . _ - @ +.", At: "/userName");

    /// <summary>The role's code is taken.</summary>
    public static readonly Refusal RoleExists = new("ROLE_EXISTS", "There is a role of this code already.", At: "/code", Status: 409);

    /// <summary>The role's code has other characters than it may have.</summary>
    public static readonly Refusal RoleCodeInvalid =
        new("ROLE_CODE_INVALID", "A role's code has 2 to 40 small letters, digits and hyphens.", At: "/code");

    /// <summary>The administrator's role holds every permission, always.</summary>
    public static readonly Refusal RoleFixed = new("ROLE_FIXED", "The administrator's role holds every permission and is not changed.");

    /// <summary>Nobody would be left who can administer.</summary>
    public static readonly Refusal LastAdministrator =
        new("LAST_ADMINISTRATOR", "This is the last administrator. Make another one first.", Status: 409);

    /// <summary>The system's own user signs in nowhere and is not changed.</summary>
    public static readonly Refusal SystemUser = new("SYSTEM_USER", "The system's own user cannot be changed and cannot sign in.");

    /// <summary>The same call has made a token already; its secret was in that answer.</summary>
    public static Refusal TokenMade(string id) => new(
        "TOKEN_MADE", "This call has made a token before. Its secret was shown then and is not kept: take the token back and make another one.", Status: 409,
        Detail: new Dictionary<string, object?>(StringComparer.Ordinal) { ["id"] = id });

    /// <summary>A required text is empty or too long.</summary>
    public static Refusal NameInvalid(string at) => new("NAME_INVALID", "Enter a name of 1 to 200 characters.", At: at);

    /// <summary>The expiry of a token is not in the future.</summary>
    public static readonly Refusal ExpiryPast = new("TOKEN_EXPIRY_PAST", "The expiry lies in the past.", At: "/expiresAt");

    /// <summary>A password that is too short, too long or the user name itself.</summary>
    public static Refusal PasswordWeak(int length, string at = "/password") => new(
        "PASSWORD_WEAK", $"Choose a password of {length} to 128 characters that is not the user name.", At: at);

    /// <summary>A request names a user that is not there.</summary>
    public static readonly Refusal UserNamedUnknown = new("USER_UNKNOWN", "There is no such active user.", At: "/userId");

    /// <summary>A request names a role that is not there.</summary>
    public static Refusal RoleNamedUnknown(string at) => new("ROLE_UNKNOWN", "There is no such role.", At: at);

    /// <summary>A branch that is not there.</summary>
    public static Refusal BranchUnknown(string at) => new("BRANCH_UNKNOWN", "There is no such branch.", At: at);

    /// <summary>What is asked for is not granted.</summary>
    public static Refusal Denied(string permission) => CommandRunner.Denied(permission);

    /// <summary>Somebody else changed it in the meantime.</summary>
    public static Refusal VersionConflict(long version) => Headers.Conflict(version);
}
