using System.Collections.Frozen;

namespace Plug1.Kernel.Security;

/// <summary>A role that a person holds, at one branch or at all.</summary>
/// <param name="Role">The role's code, such as <c>store-manager</c>.</param>
/// <param name="BranchId">The branch, or null for every branch.</param>
/// <param name="Permissions">What the role may do: <c>function.action</c>.</param>
/// <param name="OnBehalfOf">Who is away and holds the role; null for one's own. Of a role held so only seeing and approving are granted.</param>
public sealed record Grant(string Role, Guid? BranchId, FrozenSet<string> Permissions, Guid? OnBehalfOf = null);

/// <summary>Who acts: a signed-in user, a program with a token, or the system itself. What is not granted is denied.</summary>
/// <param name="UserId">The user's id.</param>
/// <param name="UserName">The name used to sign in.</param>
/// <param name="Name">The person's name.</param>
/// <param name="Grants">Roles held.</param>
public sealed record Actor(Guid UserId, string UserName, string Name, IReadOnlyList<Grant> Grants)
{
    /// <summary>The user under which jobs, imports and the demo company act.</summary>
    public static readonly Guid SystemId = Guid.Parse("00000000-0000-7000-8000-000000000001");

    /// <summary>The system itself.</summary>
    public static readonly Actor System = new(SystemId, "system", "System", []);

    /// <summary>True for the system itself, which may do everything that its code does.</summary>
    public bool IsSystem => UserId == SystemId;

    /// <summary>The functions that the company has switched off: what is granted of them does not count while they are.</summary>
    public FrozenSet<string> FunctionsOff { get; init; } = FrozenSet<string>.Empty;

    /// <summary>Whether the company has switched a function off.</summary>
    public bool IsOff(string function) => FunctionsOff.Count > 0 && FunctionsOff.Contains(function);

    /// <summary>Whether the permission is granted at the branch.</summary>
    public bool May(string permission, Guid branchId)
    {
        if (IsSystem) return true;
        if (Sleeps(permission)) return false;
        foreach (var grant in Grants)
            if ((grant.BranchId is null || grant.BranchId == branchId) && grant.Permissions.Contains(permission)) return true;
        return false;
    }

    /// <summary>Whether the permission is granted at any branch.</summary>
    public bool MayAnywhere(string permission) => IsSystem || (!Sleeps(permission) && Grants.Any(grant => grant.Permissions.Contains(permission)));

    /// <summary>Whether the permission is granted for the whole company, as what belongs to no branch asks for.</summary>
    /// <remarks>That of a function switched off too: roles are kept in order while it is off.</remarks>
    public bool MayEverywhere(string permission) =>
        IsSystem || Grants.Any(grant => grant.BranchId is null && grant.Permissions.Contains(permission));

    /// <summary>Whether the person holds the role at the branch.</summary>
    public bool Has(string role, Guid branchId) =>
        IsSystem || Grants.Any(grant => grant.Role == role && (grant.BranchId is null || grant.BranchId == branchId));

    /// <summary>The roles held at the branch.</summary>
    public IEnumerable<string> RolesAt(Guid branchId) =>
        Grants.Where(grant => grant.BranchId is null || grant.BranchId == branchId).Select(grant => grant.Role).Distinct();

    /// <summary>What the person may do at the branch, each permission once, in the order of their names.</summary>
    public IReadOnlyList<string> PermissionsAt(Guid branchId) =>
        [.. Grants.Where(grant => grant.BranchId is null || grant.BranchId == branchId).SelectMany(grant => grant.Permissions)
            .Where(permission => !Sleeps(permission)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Whether any role is held at the branch.</summary>
    public bool WorksAt(Guid branchId) => IsSystem || Grants.Any(grant => grant.BranchId is null || grant.BranchId == branchId);

    /// <summary>The first permission among the grants that this person does not hold as widely; null when all are held.</summary>
    /// <remarks>Nobody gives away, or takes over by a new password, more than they have themselves; what they hold for somebody who is away is not theirs.</remarks>
    public string? FirstBeyond(IEnumerable<Grant> grants)
    {
        if (IsSystem) return null;
        var own = this with { Grants = [.. Grants.Where(grant => grant.OnBehalfOf is null)], FunctionsOff = FrozenSet<string>.Empty };
        foreach (var grant in grants)
            foreach (var permission in grant.Permissions)
                if (!(grant.BranchId is { } branch ? own.May(permission, branch) : own.MayEverywhere(permission))) return permission;
        return null;
    }

    /// <summary>Whether a permission belongs to a function that is switched off.</summary>
    private bool Sleeps(string permission) =>
        FunctionsOff.Count > 0 && permission.LastIndexOf('.') is > 0 and var end && FunctionsOff.Contains(permission[..end]);
}

/// <summary>An actor at a place: what an audit event says of who did something, and from where.</summary>
/// <param name="Actor">Who acts.</param>
/// <param name="BranchId">The branch worked in; null for what belongs to no branch.</param>
/// <param name="Device">The device's own name, as the header <c>X-Device</c> gives it.</param>
/// <param name="Address">Network address.</param>
/// <param name="SessionId">The browser session; null for programs and for the system.</param>
/// <param name="Key">The idempotency key of the call, or null.</param>
public sealed record Caller(Actor Actor, Guid? BranchId = null, string? Device = null, string? Address = null, Guid? SessionId = null, Commands.CallKey? Key = null)
{
    /// <summary>The system itself: jobs, imports, the first start.</summary>
    public static readonly Caller System = new(Actor.System);
}
