using Plug1.Kernel.Security;

namespace Plug1.Kernel.MasterData;

/// <summary>The permissions of master data, with the roles that get them at first besides the administrator.</summary>
public static class MasterDataPermissions
{
    private static readonly string[] Everyone = ["cashier", "sales", "credit-controller", "store-manager", "accountant", "production-planner", "production-manager",
        "production-operator", "quality-inspector", "service-desk", "technician", "consultant", "project-manager", "data-steward", "auditor", "administrator"];

    /// <summary>Their declarations.</summary>
    public static readonly IReadOnlyList<PermissionDeclaration> All =
    [
        new("kernel.organisation.view", "See company, branches, warehouses and terminals", Everyone),
        new("kernel.organisation.configure", "Change company, branches, warehouses and terminals", ["administrator"], Sensitive: true),
        new("kernel.catalogue.view", "See items, prices and taxes", Everyone),
        new("kernel.catalogue.view-cost", "See what stock is worth", ["store-manager", "accountant", "production-planner", "production-manager", "auditor", "administrator"], Sensitive: true),
        new("kernel.catalogue.create", "Enter items, categories, prices and taxes", ["store-manager", "data-steward", "administrator"]),
        new("kernel.catalogue.update", "Change items, categories, prices and taxes", ["store-manager", "data-steward", "administrator"]),
        new("kernel.parties.view", "See customers, suppliers and other parties", [.. Everyone, "payroll-clerk", "loan-officer", "credit-committee", "membership-clerk", "welfare-committee", "board"]),
        new("kernel.parties.create", "Enter parties", ["cashier", "sales", "store-manager", "accountant", "loan-officer", "membership-clerk", "service-desk", "data-steward", "administrator"]),
        new("kernel.parties.update", "Change parties", ["sales", "store-manager", "accountant", "loan-officer", "membership-clerk", "service-desk", "data-steward", "administrator"]),
        new("kernel.payments.view", "See payment methods, notes and coins", ["cashier", "sales", "credit-controller", "store-manager", "accountant", "auditor", "administrator"]),
        new("kernel.payments.configure", "Change payment methods, notes and coins", ["accountant", "administrator"], Sensitive: true),
        new("kernel.rules.view", "See reasons, approval rules, exception rules and number series", ["store-manager", "accountant", "data-steward", "auditor", "administrator"]),
        new("kernel.rules.configure", "Change reasons, approval rules and exception rules", ["administrator"], Sensitive: true),
        new("kernel.ledger.view", "See the chart of accounts and periods", ["store-manager", "accountant", "auditor", "administrator"]),
        new("kernel.ledger.configure", "Change the chart of accounts and its mapping, close and reopen periods", ["accountant", "administrator"], Sensitive: true),
        new("kernel.ledger.post-soft-closed", "Post into a period that is closed for others", ["accountant", "administrator"], Sensitive: true),
        new("kernel.imports.view", "Preview imports of master data", ["data-steward", "administrator"]),
        new("kernel.imports.run", "Import master data", ["data-steward", "administrator"], Sensitive: true),
    ];
}
