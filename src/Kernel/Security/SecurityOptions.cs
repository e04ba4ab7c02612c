namespace Plug1.Kernel.Security;

/// <summary>What an operator may set about signing in.</summary>
public sealed class SecurityOptions
{
    /// <summary>The file with the 32 byte key under which two-factor secrets are kept; made when it is not there. All nodes share it.</summary>
    public string KeyFile { get; set; } = "plug1.key";

    /// <summary>The name that authenticator applications show.</summary>
    public string Issuer { get; set; } = "Plug1 Operations";

    /// <summary>Rounds of PBKDF2 with HMAC-SHA-512 for a new password hash. Older hashes are renewed at the next sign-in.</summary>
    /// <remarks>Source: OWASP Password Storage Cheat Sheet, 210 000 for this function.</remarks>
    public int PasswordRounds { get; set; } = 210_000;

    /// <summary>Fewest characters of a password; length counts, composition does not (NIST SP 800-63B, 5.1.1.2).</summary>
    public int PasswordLength { get; set; } = 8;

    /// <summary>Failed attempts by one name after which it is locked.</summary>
    public int AttemptsBeforeLock { get; set; } = 5;

    /// <summary>How long a name stays locked.</summary>
    public TimeSpan LockedFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>A session ends when it was not used for so long.</summary>
    public TimeSpan SessionIdle { get; set; } = TimeSpan.FromHours(12);

    /// <summary>A session ends after so long, used or not.</summary>
    public TimeSpan SessionLongest { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a second person's word stands before it is used.</summary>
    public TimeSpan ApprovalGrantFor { get; set; } = TimeSpan.FromMinutes(5);
}
