using Plug1.Kernel.Commands;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Security;

namespace Plug1.Kernel.Functions;

/// <summary>The branches that a reader may see and has chosen.</summary>
/// <param name="Ids">Their ids; at least one.</param>
/// <param name="All">True when these are all branches there are, so that nothing need be filtered.</param>
public sealed record BranchScope(IReadOnlyList<Guid> Ids, bool All)
{
    /// <summary>What a query filters by; null for nothing.</summary>
    public IReadOnlyList<Guid>? Filter => All ? null : Ids;
}

/// <summary>Who reads, in the organisation as it stands.</summary>
/// <param name="Actor">Who.</param>
/// <param name="Organisation">The organisation.</param>
public sealed record Viewer(Actor Actor, OrganisationView Organisation)
{
    /// <summary>The branches where a permission is held, narrowed to those chosen.</summary>
    /// <param name="permission">The permission, such as <c>sales.point-of-sale.view</c>.</param>
    /// <param name="chosen">Codes or ids separated by commas; null or empty for all.</param>
    /// <returns>Refused with <c>PERMISSION_DENIED</c>, also for a chosen branch that may not be seen; <c>FILTER_INVALID</c> when there is none such.</returns>
    public Result<BranchScope> Scope(string permission, string? chosen = null)
    {
        var held = Organisation.Branches.Where(branch => Actor.May(permission, branch.Id)).Select(branch => branch.Id).ToList();
        if (held.Count == 0) return CommandRunner.Denied(permission);
        if (string.IsNullOrWhiteSpace(chosen)) return new BranchScope(held, held.Count == Organisation.Branches.Count);

        var ids = new List<Guid>();
        foreach (var text in chosen.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (Organisation.FindBranch(text) is not { } branch) return Reporting.Refusals.FilterInvalid("branch", text);
            if (!held.Contains(branch.Id)) return CommandRunner.Denied(permission);
            if (!ids.Contains(branch.Id)) ids.Add(branch.Id);
        }

        return ids.Count == 0 ? Reporting.Refusals.FilterInvalid("branch", chosen) : new BranchScope(ids, false);
    }

    /// <summary>The branches whose rows a reader may take away as a file: those of <see cref="Scope"/>, at each of which <c>export</c> is held.</summary>
    /// <param name="function">The function; one that declares no <c>export</c> asks for <c>view</c> alone.</param>
    /// <param name="chosen">Codes or ids separated by commas; null or empty for all.</param>
    /// <returns>Refused as <see cref="Scope"/>; with <c>PERMISSION_DENIED</c> and the <c>branches</c> where <c>export</c> is not held: who exports at
    /// one branch and only looks at another must choose the first, rather than get a file that has less than the page.</returns>
    public Result<BranchScope> ExportScope(Function function, string? chosen = null)
    {
        var scope = Scope($"{function.Code}.view", chosen);
        if (scope.IsRefused || !function.Actions.Any(action => action.Action == "export")) return scope;
        var permission = $"{function.Code}.export";
        var missing = scope.Value.Ids.Where(branch => !Actor.May(permission, branch)).Select(BranchCode).ToList();
        if (missing.Count == 0) return scope;
        if (missing.Count == scope.Value.Ids.Count) return CommandRunner.Denied(permission);
        return new Refusal("PERMISSION_DENIED", $"You lack the permission {permission} at {string.Join(", ", missing)}. Choose branches where you have it.", "/branch", 403,
            new Dictionary<string, object?> { ["permission"] = permission, ["branches"] = missing });
    }

    /// <summary>Whether a permission is held at every branch of a scope: a column that one branch hides is hidden for all.</summary>
    public bool MayAtAll(string permission, BranchScope scope) => scope.Ids.All(branch => Actor.May(permission, branch));

    /// <summary>Whether a function may be seen at any branch.</summary>
    public bool Sees(Function function) => Actor.MayAnywhere($"{function.Code}.view");

    /// <summary>The code of a branch, or its id when it is not known.</summary>
    public string BranchCode(Guid id) => Organisation.Branches.FirstOrDefault(branch => branch.Id == id)?.Code ?? id.ToString("D");

    /// <summary>The name of a branch, or its id when it is not known.</summary>
    public string BranchName(Guid id) => Organisation.Branches.FirstOrDefault(branch => branch.Id == id)?.Name ?? id.ToString("D");
}
