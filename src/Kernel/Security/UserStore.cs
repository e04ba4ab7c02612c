using Microsoft.AspNetCore.Identity;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Security;

/// <summary>What ASP.NET Core Identity asks about users, answered from <c>app_user</c>.</summary>
/// <remarks>
/// Identity hashes and checks passwords and codes; counting failures stands in <see cref="Credentials"/>, because Identity reads,
/// adds and writes, so that guesses made side by side count once, and because it counts only for names that exist.
/// </remarks>
internal sealed class UserStore(Database database, SecretBox box, TimeProvider clock)
    : IUserPasswordStore<User>, IUserSecurityStampStore<User>, IUserAuthenticatorKeyStore<User>
{
    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString("D"));

    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.UserName);

    public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken) =>
        throw new InvariantBrokenException("A user name is never changed: documents and audit events carry it.");

    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Key);

    public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken)
    {
        user.Key = normalizedName ?? User.KeyOf(user.UserName);
        return Task.CompletedTask;
    }

    public async Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken)
    {
        var added = 0;
        await database.Write(
            tx =>
            {
                StageInsert(tx, user, clock.GetUtcNow(), rows => added = rows);
                return Task.CompletedTask;
            },
            cancellationToken);
        return added == 1 ? IdentityResult.Success : IdentityResult.Failed(new IdentityErrorDescriber().DuplicateUserName(user.UserName));
    }

    public async Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken)
    {
        var changed = 0;
        await database.Write(
            tx =>
            {
                StageUpdate(tx, user, rows => changed = rows);
                return Task.CompletedTask;
            },
            cancellationToken);
        return changed == 1 ? IdentityResult.Success : IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
    }

    public Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken) =>
        throw new InvariantBrokenException("A user is never deleted, but deactivated: documents name them.");

    public Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Guid.TryParse(userId, out var id)
        ? database.Read(db => User.ById(db, id, cancellationToken), cancellationToken)
        : Task.FromResult<User?>(null);

    public Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        database.Read(db => User.ByKey(db, normalizedUserName, cancellationToken), cancellationToken);

    public Task SetPasswordHashAsync(User user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.PasswordHash = passwordHash;
        return Task.CompletedTask;
    }

    public Task<string?> GetPasswordHashAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task SetSecurityStampAsync(User user, string stamp, CancellationToken cancellationToken)
    {
        user.SecurityStamp = stamp;
        return Task.CompletedTask;
    }

    public Task<string?> GetSecurityStampAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.SecurityStamp);

    public Task SetAuthenticatorKeyAsync(User user, string key, CancellationToken cancellationToken)
    {
        user.TotpSecret = box.Seal(key, user.Id);
        return Task.CompletedTask;
    }

    public Task<string?> GetAuthenticatorKeyAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.TotpSecret is { } secret ? box.Open(secret, user.Id) : null);

    public void Dispose()
    {
        // Holds nothing: sessions on the database are opened and given back by each question.
    }

    /// <summary>Adds the row, unless the name is taken.</summary>
    public static void StageInsert(Db tx, User user, DateTimeOffset now, Action<int> added) => tx.Stage(
        $"""
        insert into app_user (id, user_name, user_key, name, password_hash, security_stamp, active, must_change, created_at)
        values ({user.Id}, {user.UserName}, {user.Key}, {user.Name}, {user.PasswordHash}, {user.SecurityStamp}, {user.Active}, {user.MustChange}, {now})
        on conflict (user_key) do nothing
        """,
        added);

    /// <summary>Writes password, stamp and secret, unless somebody else has written the row since it was read.</summary>
    public static void StageUpdate(Db tx, User user, Action<int> changed) => tx.Stage(
        $"""
        update app_user set password_hash = {user.PasswordHash}, security_stamp = {user.SecurityStamp}, totp_secret = {user.TotpSecret},
          version = version + 1
        where id = {user.Id} and version = {user.Version}
        """,
        changed);
}
