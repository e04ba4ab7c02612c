using Plug1.Kernel.Security;

namespace Plug1.Kernel.Reporting;

/// <summary>Permissions of what belongs to no function; the host gives them to <see cref="RoleTemplates.Seed"/> beside those of the functions.</summary>
public static class ReportingPermissions
{
    /// <summary>Their declarations.</summary>
    public static readonly IReadOnlyList<PermissionDeclaration> All =
    [
        new("kernel.audit.view", "See the audit trail", ["auditor", "accountant"]),
        new(Audit.Verification.AuditVerifier.Permission, "Have the audit trail verified", ["auditor"]),
        new("kernel.ledger.view", "See the ledger and the trial balance", ["auditor", "accountant"]),
        new("kernel.exceptions.resolve", "Acknowledge, assign, snooze and resolve exceptions", ["store-manager", "accountant"]),
        new("kernel.jobs.view", "See background jobs and their history", ["auditor"]),
        new("kernel.jobs.run", "Have a background job run now", []),
        new("kernel.views.save", "Keep views of lists and reports", [.. RoleTemplates.All.Select(role => role.Code)]),
        new("kernel.views.share", "Share views with a role", ["store-manager", "accountant", "data-steward"]),
        new("kernel.reports.schedule", "Have reports made at set times", ["store-manager", "accountant", "auditor"]),
        new("kernel.reports.configure", "See and stop everybody's scheduled reports", []),
        new("kernel.targets.configure", "Set targets", ["store-manager", "accountant"]),
    ];
}
