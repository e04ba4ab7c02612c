using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Plug1.Kernel.Security;

/// <summary>Passwords and one-time codes, as ASP.NET Core Identity makes and checks them.</summary>
internal sealed class IdentityCore : IDisposable
{
    private const int LongestPassword = 128;
    private readonly IServiceScope scope;
    private readonly UserManager<User> manager;
    private readonly SecretBox box;
    private readonly SecurityOptions options;
    private readonly User nobody;

    public IdentityCore(IServiceScopeFactory scopes, SecretBox box, IOptions<SecurityOptions> options)
    {
        scope = scopes.CreateScope();
        manager = scope.ServiceProvider.GetRequiredService<UserManager<User>>();
        (this.box, this.options) = (box, options.Value);
        nobody = new User { Id = Guid.Empty, UserName = "nobody", Key = "NOBODY", Name = "Nobody", SecurityStamp = "" };
        nobody.PasswordHash = Hash(nobody, Secrets.New());
    }

    /// <summary>The hash of a password, with its salt, function and rounds.</summary>
    public string Hash(User user, string password) => manager.PasswordHasher.HashPassword(user, password);

    /// <summary>Checks a password. Without a user as much is reckoned, so that the answer takes as long.</summary>
    public PasswordVerificationResult Verify(User? user, string password)
    {
        if (password.Length > LongestPassword) password = "";
        var known = user is { MaySignIn: true };
        var verified = manager.PasswordHasher.VerifyHashedPassword(known ? user! : nobody, (known ? user!.PasswordHash : nobody.PasswordHash)!, password);
        return known ? verified : PasswordVerificationResult.Failed;
    }

    /// <summary>Whether a password may be chosen.</summary>
    public async Task<Refusal?> Unacceptable(User user, string password, string at)
    {
        var weak = SecurityRefusals.PasswordWeak(options.PasswordLength, at);
        if (password.Length > LongestPassword || User.KeyOf(password) == user.Key) return weak;
        foreach (var validator in manager.PasswordValidators)
            if (!(await validator.ValidateAsync(manager, user, password)).Succeeded) return weak;
        return null;
    }

    /// <summary>A new secret for an authenticator application, in Base32.</summary>
    public string NewTotpSecret() => manager.GenerateNewAuthenticatorKey();

    /// <summary>Whether a code fits a secret now; the steps around count too, since clocks differ (RFC 6238, 5.2).</summary>
    public async Task<bool> CodeFits(User user, byte[] secret, string code)
    {
        var probe = new User { Id = user.Id, UserName = user.UserName, Key = user.Key, Name = user.Name, SecurityStamp = user.SecurityStamp, TotpSecret = secret };
        return await manager.VerifyTwoFactorTokenAsync(probe, TokenOptions.DefaultAuthenticatorProvider, Digits(code));
    }

    /// <summary>Seals a secret into the row of its user.</summary>
    public byte[] Seal(string secret, Guid userId) => box.Seal(secret, userId);

    /// <summary>A code as typed, without the blanks that applications show.</summary>
    public static string Digits(string code) => code.Replace(" ", "");

    /// <summary>What an authenticator application reads from a QR code.</summary>
    public string TotpUri(string userName, string secret) =>
        $"otpauth://totp/{Uri.EscapeDataString(options.Issuer)}:{Uri.EscapeDataString(userName)}?secret={secret}&issuer={Uri.EscapeDataString(options.Issuer)}&digits=6";

    /// <inheritdoc/>
    public void Dispose()
    {
        manager.Dispose();
        scope.Dispose();
    }
}
