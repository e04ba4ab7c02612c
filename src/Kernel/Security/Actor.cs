using System.Collections.Frozen;

namespace Plug1.Kernel.Security;

/// <summary>A role that a person holds, at one branch or at all.</summary>
/// <param name="Role">The role's code, such as <c>store-manager</c>.</param>
/// <param name="BranchId">The branch, or null for every branch.</param>
/// <param name="Permissions">What the role may do: <c>function.action</c>.</param>
public sealed record Grant(string Role, Guid? BranchId, FrozenSet<string> Permissions);

/// <summary>Who acts: a signed-in user, a program with a token, or the system itself. What is not granted is denied.</summary>
/// <param name="UserId">The user's id.</param>
/// <param name="UserName">The name used to sign in.</param>
/// <param name="Name">The person's name.</param>
/// <param name="Grants">Roles held.</param>
public sealed record Actor(Guid UserId, string UserName, string Name, IReadOnlyList<Grant> Grants)
{
    /// <summary>The user under which jobs, imports and the demo company act.</summary>
    public static readonly Guid SystemId = Guid.Parse("00000000-0000-7000-8000-000000000001");

    /// <summary>True for the system itself, which may do everything that its code does.</summary>
    public bool IsSystem => UserId == SystemId;

    /// <summary>Whether the permission is granted at the branch.</summary>
    public bool May(string permission, Guid branchId)
    {
        if (IsSystem) return true;
        foreach (var grant in Grants)
            if ((grant.BranchId is null || grant.BranchId == branchId) && grant.Permissions.Contains(permission)) return true;
        return false;
    }

    /// <summary>Whether the permission is granted at any branch.</summary>
    public bool MayAnywhere(string permission) => IsSystem || Grants.Any(grant => grant.Permissions.Contains(permission));

    /// <summary>Whether the person holds the role at the branch.</summary>
    public bool Has(string role, Guid branchId) =>
        IsSystem || Grants.Any(grant => grant.Role == role && (grant.BranchId is null || grant.BranchId == branchId));

    /// <summary>The roles held at the branch.</summary>
    public IEnumerable<string> RolesAt(Guid branchId) =>
        Grants.Where(grant => grant.BranchId is null || grant.BranchId == branchId).Select(grant => grant.Role).Distinct();
}
