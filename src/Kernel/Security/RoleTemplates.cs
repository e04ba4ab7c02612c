using Plug1.Kernel.Functions;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Security;

/// <summary>A permission that a function asks for, and the roles that get it at first.</summary>
/// <param name="Permission"><c>function.action</c>, such as <c>sales.point-of-sale.override-price</c>.</param>
/// <param name="Label">What it allows, in the words of the trade.</param>
/// <param name="Roles">Codes of role templates. The administrator's need not be among them: it holds every permission.</param>
/// <param name="Sensitive">True when the matrix should draw attention to it.</param>
public sealed record PermissionDeclaration(string Permission, string Label, IReadOnlyList<string> Roles, bool Sensitive = false);

/// <summary>The roles that a new company starts with.</summary>
public static class RoleTemplates
{
    /// <summary>Holds every declared permission, always. Four eyes and the like are rules, not permissions, and bind it too.</summary>
    public const string Administrator = "administrator";

    /// <summary>Code and name of each template.</summary>
    public static readonly IReadOnlyList<(string Code, string Name)> All =
    [
        ("cashier", "Cashier"),
        ("sales", "Sales"),
        ("credit-controller", "Credit controller"),
        ("store-manager", "Store manager"),
        ("accountant", "Accountant"),
        ("payroll-clerk", "Payroll clerk"),
        ("loan-officer", "Loan officer"),
        ("credit-committee", "Credit committee"),
        ("membership-clerk", "Membership clerk"),
        ("welfare-committee", "Welfare committee"),
        ("board", "Board"),
        ("production-planner", "Production planner"),
        ("production-manager", "Production manager"),
        ("production-operator", "Production operator"),
        ("quality-inspector", "Quality inspector"),
        ("service-desk", "Service desk"),
        ("technician", "Technician"),
        ("consultant", "Consultant"),
        ("project-manager", "Project manager"),
        ("data-steward", "Data steward"),
        ("auditor", "Auditor"),
        (Administrator, "Administrator"),
    ];

    /// <summary>The permissions that functions declare.</summary>
    public static IEnumerable<PermissionDeclaration> DeclaredBy(IEnumerable<Function> functions) => functions.SelectMany(function =>
        function.Actions.Select(action => new PermissionDeclaration($"{function.Code}.{action.Action}", action.Label, action.Roles, action.Sensitive)));

    private static readonly Table Declared = new(
        "declared_permission", ("permission", Kind.Text), ("label", Kind.Text), ("sensitive", Kind.Bool), ("declared_at", Kind.Instant));

    private static readonly Table Granted = new("role_permission", ("role", Kind.Text), ("permission", Kind.Text));

    /// <summary>Writes the roles that are missing and, for permissions not seen before, their first grants.</summary>
    /// <remarks>What an administrator has taken away is not given again: a permission is granted by default once.</remarks>
    /// <param name="tx">The transaction of the start.</param>
    /// <param name="declarations">What the functions ask for; the kernel's own are added.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="InvariantBrokenException">A permission is declared twice, or names a role that is no template.</exception>
    public static async Task Seed(Tx tx, IEnumerable<PermissionDeclaration> declarations, TimeProvider clock, CancellationToken ct = default)
    {
        var all = KernelPermissions.All.Concat(declarations).ToList();
        var codes = All.Select(role => role.Code).ToHashSet(StringComparer.Ordinal);
        foreach (var twice in all.GroupBy(declaration => declaration.Permission, StringComparer.Ordinal))
            Invariant.Holds(twice.Count() == 1, $"The permission {twice.Key} is declared twice.");
        foreach (var declaration in all)
            foreach (var role in declaration.Roles) Invariant.Holds(codes.Contains(role), $"{declaration.Permission} names the role {role}, which is no template.");

        // The row lock keeps a second node that starts now behind this one.
        var stamp = Sql.Raw($"select stamp from config_stamp where area = '{ConfigStamps.Security}'");
        await tx.Number($"{stamp}{Dialect.ForUpdate(tx.Engine)}", ct);
        foreach (var (code, name) in All)
            tx.Stage($"insert into role (code, name, template) values ({code}, {name}, {true}) on conflict (code) do nothing");
        var seen = (await tx.Query($"select permission, label, sensitive from declared_permission", row => (row.Text(0), row.Text(1), row.Bool(2)), ct))
            .ToDictionary(row => row.Item1, row => (Label: row.Item2, Sensitive: row.Item3), StringComparer.Ordinal);

        var fresh = all.Where(declaration => !seen.ContainsKey(declaration.Permission)).ToList();
        tx.Insert(Declared, [.. fresh.Select(declaration => new object?[] { declaration.Permission, declaration.Label, declaration.Sensitive, clock.GetUtcNow() })]);
        tx.Insert(Granted, [.. fresh.SelectMany(declaration => declaration.Roles.Distinct(StringComparer.Ordinal)
            .Select(role => new object?[] { role, declaration.Permission }))]);
        foreach (var known in all.Where(declaration => seen.TryGetValue(declaration.Permission, out var old) && old != (declaration.Label, declaration.Sensitive)))
            tx.Stage($"update declared_permission set label = {known.Label}, sensitive = {known.Sensitive} where permission = {known.Permission}");
        if (fresh.Count > 0) tx.Stage($"update config_stamp set stamp = stamp + 1 where area = {ConfigStamps.Security}");
        await tx.Flush(ct);
    }
}

/// <summary>The permissions of users, roles and tokens. They belong to no branch and count only when held for the whole company.</summary>
public static class KernelPermissions
{
    /// <summary>See users and what they hold.</summary>
    public const string UsersView = "kernel.users.view";

    /// <summary>Create users.</summary>
    public const string UsersCreate = "kernel.users.create";

    /// <summary>Change users: names, passwords, roles, whether they are active.</summary>
    public const string UsersUpdate = "kernel.users.update";

    /// <summary>See roles and the matrix of permissions.</summary>
    public const string RolesView = "kernel.roles.view";

    /// <summary>Create roles, grant and revoke permissions.</summary>
    public const string RolesConfigure = "kernel.roles.configure";

    /// <summary>See the tokens of programs.</summary>
    public const string TokensView = "kernel.tokens.view";

    /// <summary>Create tokens.</summary>
    public const string TokensCreate = "kernel.tokens.create";

    /// <summary>Revoke tokens.</summary>
    public const string TokensRevoke = "kernel.tokens.revoke";

    /// <summary>Their declarations.</summary>
    public static readonly IReadOnlyList<PermissionDeclaration> All =
    [
        new(UsersView, "See users and the roles they hold", ["auditor", RoleTemplates.Administrator]),
        new(UsersCreate, "Create users", [RoleTemplates.Administrator], Sensitive: true),
        new(UsersUpdate, "Change users, their passwords and roles", [RoleTemplates.Administrator], Sensitive: true),
        new(RolesView, "See roles and their permissions", ["auditor", RoleTemplates.Administrator]),
        new(RolesConfigure, "Grant permissions to roles", [RoleTemplates.Administrator], Sensitive: true),
        new(TokensView, "See the tokens of programs", ["auditor", RoleTemplates.Administrator]),
        new(TokensCreate, "Create tokens for programs", [RoleTemplates.Administrator], Sensitive: true),
        new(TokensRevoke, "Revoke tokens of programs", [RoleTemplates.Administrator]),
    ];
}
