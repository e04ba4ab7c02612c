using Plug1.Kernel.Commands;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Security;

/// <summary>A role held by a user.</summary>
/// <param name="Role">Code of the role.</param>
/// <param name="BranchId">Where; null for every branch.</param>
public sealed record RoleAssignment(string Role, Guid? BranchId = null);

/// <summary>A user as administrators see them.</summary>
/// <param name="Id">The user.</param>
/// <param name="UserName">The name to sign in.</param>
/// <param name="Name">The person's name.</param>
/// <param name="Active">False when they may not sign in any more.</param>
/// <param name="MustChange">True while they have to choose a new password.</param>
/// <param name="TwoFactor">True when a one-time code is asked for.</param>
/// <param name="LockedUntil">Until when the name is locked after failed attempts.</param>
/// <param name="LastSignInAt">When they signed in last.</param>
/// <param name="Version">Counts the changes.</param>
/// <param name="Roles">What they hold.</param>
public sealed record UserAccount(
    Guid Id, string UserName, string Name, bool Active, bool MustChange, bool TwoFactor, DateTimeOffset? LockedUntil,
    DateTimeOffset? LastSignInAt, long Version, IReadOnlyList<RoleAssignment> Roles);

/// <summary>A user to be made.</summary>
/// <param name="UserName">The name to sign in.</param>
/// <param name="Name">The person's name.</param>
/// <param name="Password">The first password.</param>
/// <param name="Roles">What they hold.</param>
/// <param name="MustChange">Whether they choose another password when they sign in.</param>
public sealed record NewUser(string UserName, string Name, string Password, IReadOnlyList<RoleAssignment> Roles, bool MustChange = true);

/// <summary>The users: making, changing, finding.</summary>
/// <remarks>Nobody changes a user who may do more than they may themselves, gives away more than they have, or sets their own roles.</remarks>
public sealed class Users
{
    private readonly Database database;
    private readonly TimeProvider clock;
    private readonly IdentityCore identity;
    private readonly Gate gate;
    private readonly ConfigStamps stamps;

    internal Users(Database database, TimeProvider clock, IdentityCore identity, Gate gate, ConfigStamps stamps) =>
        (this.database, this.clock, this.identity, this.gate, this.stamps) = (database, clock, identity, gate, stamps);

    /// <summary>Makes a user.</summary>
    public async Task<Result<UserAccount>> Create(Caller caller, NewUser request, CancellationToken ct = default)
    {
        if (await gate.Denies(caller, KernelPermissions.UsersCreate, ct) is { } denied) return denied;
        var userName = request.UserName.Trim();
        if (!User.IsName(userName)) return SecurityRefusals.UserNameInvalid;
        if (request.Name.Trim() is not { Length: >= 1 and <= 200 } name) return SecurityRefusals.NameInvalid("/name");
        var user = new User
        {
            Id = Ids.New(clock),
            UserName = userName,
            Key = User.KeyOf(userName),
            Name = name,
            SecurityStamp = Secrets.New(),
            Active = true,
            MustChange = request.MustChange,
        };
        if (await identity.Unacceptable(user, request.Password, "/password") is { } weak) return weak;
        user.PasswordHash = identity.Hash(user, request.Password);

        return await Write(
            caller,
            KernelPermissions.UsersCreate,
            async tx =>
            {
                var earlier = await CallKeys.Made(tx, caller, ct);
                if (earlier.Refusal is { } reused) return reused;
                if (earlier.Value is { } made) return await UserQueries.One(tx, Guid.Parse(made), ct);
                var wanted = await RoleRows.Resolve(tx, request.Roles, ct);
                if (wanted.Refusal is { } no) return no;
                if (caller.Actor.FirstBeyond(wanted.Value) is { } beyond) return SecurityRefusals.Denied(beyond);
                var added = 0;
                UserStore.StageInsert(tx, user, clock.GetUtcNow(), rows => added = rows);
                await tx.Flush(ct);
                if (added == 0) return SecurityRefusals.UserExists;
                RoleRows.Stage(tx, user.Id, request.Roles);
                CallKeys.Keep(tx, caller, user.Id.ToString("D"), clock.GetUtcNow());
                Record(tx, caller, "create", user.Id, [("userName", null, userName), ("name", null, name), ("roles", null, RoleRows.Text(request.Roles))]);
                return await UserQueries.One(tx, user.Id, ct);
            },
            ct);
    }

    /// <summary>Changes the person's name.</summary>
    public Task<Result<UserAccount>> Rename(Caller caller, Guid userId, string name, long? version = null, CancellationToken ct = default) =>
        name.Trim() is not { Length: >= 1 and <= 200 } trimmed
            ? Task.FromResult<Result<UserAccount>>(SecurityRefusals.NameInvalid("/name"))
            : Change(caller, userId, version, (tx, user, _) =>
            {
                tx.Stage($"update app_user set name = {trimmed} where id = {userId}");
                Record(tx, caller, "update", userId, [("name", user.Name, trimmed)]);
                return Task.FromResult(Result.Done);
            }, ct);

    /// <summary>Sets a password for another user; their sessions end, a lock is taken away.</summary>
    public async Task<Result<UserAccount>> SetPassword(
        Caller caller, Guid userId, string password, bool mustChange = true, long? version = null, CancellationToken ct = default)
    {
        if (await gate.Denies(caller, KernelPermissions.UsersUpdate, ct) is { } denied) return denied;
        if (await database.Read(db => User.ById(db, userId, ct), ct) is not { } found) return SecurityRefusals.UserUnknown;
        if (await identity.Unacceptable(found, password, "/password") is { } weak) return weak;
        var hash = identity.Hash(found, password);
        return await Change(caller, userId, version, (tx, user, _) =>
        {
            tx.Stage($"update app_user set password_hash = {hash}, must_change = {mustChange}, security_stamp = {Secrets.New()} where id = {userId}");
            Credentials.StageUnlock(tx, user.Key);
            Sessions.StageEnd(tx, stamps, userId);
            Record(tx, caller, "set-password", userId, []);
            return Task.FromResult(Result.Done);
        }, ct);
    }

    /// <summary>Replaces all roles of a user.</summary>
    /// <returns>Refused with <c>FOUR_EYES</c> for one's own, <c>LAST_ADMINISTRATOR</c> when nobody would be left.</returns>
    public Task<Result<UserAccount>> AssignRoles(
        Caller caller, Guid userId, IReadOnlyList<RoleAssignment> roles, long? version = null, CancellationToken ct = default) =>
        Change(caller, userId, version, async (tx, _, before) =>
        {
            if (userId == caller.Actor.UserId) return SecurityRefusals.FourEyes;
            var wanted = await RoleRows.Resolve(tx, roles, ct);
            if (wanted.Refusal is { } no) return no;
            if (caller.Actor.FirstBeyond(wanted.Value) is { } beyond) return SecurityRefusals.Denied(beyond);
            var old = await RoleRows.Of(tx, userId, ct);
            tx.Stage($"delete from user_role where user_id = {userId}");
            RoleRows.Stage(tx, userId, roles);
            Record(tx, caller, "assign-roles", userId, [("roles", RoleRows.Text(old), RoleRows.Text(roles))]);
            return await StillAdministered(tx, before, ct);
        }, ct);

    /// <summary>Ends a user's right to sign in: at once on this node, within two seconds on the others.</summary>
    public Task<Result<UserAccount>> Deactivate(Caller caller, Guid userId, long? version = null, CancellationToken ct = default) =>
        Change(caller, userId, version, async (tx, user, before) =>
        {
            tx.Stage($"update app_user set active = {false}, security_stamp = {Secrets.New()} where id = {userId}");
            Sessions.StageEnd(tx, stamps, userId);
            Record(tx, caller, "deactivate", userId, [("active", user.Active, false)]);
            return await StillAdministered(tx, before, ct);
        }, ct);

    /// <summary>Gives the right to sign in back.</summary>
    public Task<Result<UserAccount>> Activate(Caller caller, Guid userId, long? version = null, CancellationToken ct = default) =>
        Change(caller, userId, version, (tx, user, _) =>
        {
            tx.Stage($"update app_user set active = {true} where id = {userId}");
            Record(tx, caller, "activate", userId, [("active", user.Active, true)]);
            return Task.FromResult(Result.Done);
        }, ct);

    /// <summary>Takes away the lock after failed attempts.</summary>
    public Task<Result<UserAccount>> Unlock(Caller caller, Guid userId, CancellationToken ct = default) =>
        Change(caller, userId, null, (tx, user, _) =>
        {
            Credentials.StageUnlock(tx, user.Key);
            Record(tx, caller, "unlock", userId, []);
            return Task.FromResult(Result.Done);
        }, ct);

    /// <summary>Takes away the one-time codes of somebody who has lost the device; their sessions end.</summary>
    public Task<Result<UserAccount>> ResetTotp(Caller caller, Guid userId, CancellationToken ct = default) =>
        Change(caller, userId, null, (tx, user, _) =>
        {
            tx.Stage($"update app_user set totp_secret = null, totp_pending = null, security_stamp = {Secrets.New()} where id = {userId}");
            Sessions.StageEnd(tx, stamps, userId);
            Record(tx, caller, "reset-totp", userId, [("twoFactor", user.TotpSecret is not null, false)]);
            return Task.FromResult(Result.Done);
        }, ct);

    /// <summary>Users in the order of their names to sign in, without the system's own.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="text">Part of either name, or null.</param>
    /// <param name="after">The user name to go on after, or null.</param>
    /// <param name="limit">How many at most, 1 to 201: one more than a page, to see whether there is another.</param>
    /// <param name="ct">Cancels.</param>
    public async Task<Result<IReadOnlyList<UserAccount>>> List(
        Caller caller, string? text = null, string? after = null, int limit = 50, CancellationToken ct = default)
    {
        if (await gate.Denies(caller, KernelPermissions.UsersView, ct) is { } denied) return denied;
        return Result.Of<IReadOnlyList<UserAccount>>(await database.Read(db => UserQueries.Page(db, text, after, Math.Clamp(limit, 1, 201), ct), ct));
    }

    /// <summary>One user.</summary>
    public async Task<Result<UserAccount>> Get(Caller caller, Guid userId, CancellationToken ct = default)
    {
        if (caller.Actor.UserId != userId && await gate.Denies(caller, KernelPermissions.UsersView, ct) is { } denied) return denied;
        return await database.Read(db => UserQueries.One(db, userId, ct), ct);
    }

    private void Record(Tx tx, Caller caller, string action, Guid userId, IReadOnlyList<(string, object?, object?)> changes) =>
        SecurityAudit.Stage(tx, clock, caller, new SecurityEvent("kernel.users", action, "user", userId, Changes: changes));

    private static async Task<Result> StillAdministered(Tx tx, Actor? before, CancellationToken ct)
    {
        if (before is null || !before.Grants.Any(grant => grant is { Role: RoleTemplates.Administrator, BranchId: null })) return Result.Done;
        var left = await tx.Number(
            $"""
            select count(*) from user_role r join app_user u on u.id = r.user_id
            where r.role = {RoleTemplates.Administrator} and r.branch_id is null and u.active
            """,
            ct);
        return left > 0 ? Result.Done : SecurityRefusals.LastAdministrator;
    }

    /// <summary>Runs a change of a user whom the caller may change.</summary>
    private async Task<Result<UserAccount>> Change(
        Caller caller, Guid userId, long? version, Func<Tx, User, Actor?, Task<Result>> work, CancellationToken ct)
    {
        if (await gate.Denies(caller, KernelPermissions.UsersUpdate, ct) is { } denied) return denied;
        if (userId == Actor.SystemId) return SecurityRefusals.SystemUser;
        return await Write(
            caller,
            KernelPermissions.UsersUpdate,
            async tx =>
            {
                if (await User.ById(tx, userId, ct) is not { } user) return SecurityRefusals.UserUnknown;
                if (version is { } expected && expected != user.Version) return SecurityRefusals.VersionConflict(user.Version);
                var held = await RoleRows.Resolve(tx, await RoleRows.Of(tx, userId, ct), ct);
                if (caller.Actor.FirstBeyond(held.Value) is { } beyond) return SecurityRefusals.Denied(beyond);
                var done = await work(tx, user, (await Actors.Read(tx, userId, clock.GetUtcNow(), ct)).Actor);
                if (done.Refusal is { } no) return no;
                tx.Stage($"update app_user set version = version + 1 where id = {userId}");
                return await UserQueries.One(tx, userId, ct);
            },
            ct);
    }

    private async Task<Result<UserAccount>> Write(Caller caller, string permission, Func<Tx, Task<Result<UserAccount>>> work, CancellationToken ct)
    {
        var done = await database.Write<UserAccount>(
            async tx =>
            {
                // First, since its row lock lets one change of users happen at a time: two cannot each make the other the last administrator.
                stamps.Move(tx, ConfigStamps.Security);
                await tx.Flush(ct);
                return await work(tx);
            },
            ct);
        return done.Refusal is { Status: 403 } beyond ? await gate.Deny(caller, permission, beyond, ct) : done;
    }
}
