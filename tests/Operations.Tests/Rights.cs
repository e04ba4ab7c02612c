using Microsoft.AspNetCore.Authorization;
using Plug1.Http.MasterData;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Security;

namespace Plug1.Operations.Tests;

/// <summary>What an endpoint asks of who calls it.</summary>
/// <param name="Permission">A permission; or one of the words below.</param>
internal sealed record Right(string Permission)
{
    /// <summary>Nobody need be signed in.</summary>
    public static readonly Right Open = new("open");

    /// <summary>Everybody who is signed in: it concerns only themselves.</summary>
    public static readonly Right Own = new("own");

    /// <summary>Everybody who is signed in: it tells only what their permissions show them, or refuses.</summary>
    public static readonly Right Filtered = new("filtered");

    public bool IsPermission => Permission.Contains('.', StringComparison.Ordinal);
}

/// <summary>The right that each endpoint asks for. An endpoint that is not told here, nor by its own description, fails the test of all endpoints.</summary>
internal static class Rights
{
    private const string Pos = "sales.point-of-sale.";

    private static readonly HashSet<string> OpenPatterns = ["/health/live", "/health/ready", "/openapi/{documentName}.json", "/openapi/v1.json"];

    private static readonly Dictionary<string, Right> OfKernel = new(StringComparer.Ordinal)
    {
        ["signIn"] = Right.Open,
        ["setup"] = Right.Open,
        ["runSetup"] = Right.Open,
        ["backups"] = new(AdministrationPermissions.BackupsView),
        ["downloadBackup"] = new(AdministrationPermissions.BackupsDownload),
        ["runBackup"] = new("kernel.backups.run"),
        ["planBackups"] = new("kernel.backups.configure"),
        ["diagnostics"] = new(AdministrationPermissions.DiagnosticsView),
        ["supportBundle"] = new(AdministrationPermissions.DiagnosticsView),
        ["functions"] = new(AdministrationPermissions.FunctionsView),
        ["switchFunctions"] = new("kernel.functions.configure"),
        ["session"] = Right.Own,
        ["signOut"] = Right.Own,
        ["changePassword"] = Right.Own,
        ["startTotp"] = Right.Own,
        ["confirmTotp"] = Right.Own,
        ["removeTotp"] = Right.Own,
        ["users"] = new(KernelPermissions.UsersView),
        ["user"] = new(KernelPermissions.UsersView),
        ["createUser"] = new(KernelPermissions.UsersCreate),
        ["renameUser"] = new(KernelPermissions.UsersUpdate),
        ["setPassword"] = new(KernelPermissions.UsersUpdate),
        ["assignRoles"] = new(KernelPermissions.UsersUpdate),
        ["deactivateUser"] = new(KernelPermissions.UsersUpdate),
        ["activateUser"] = new(KernelPermissions.UsersUpdate),
        ["unlockUser"] = new(KernelPermissions.UsersUpdate),
        ["resetTotp"] = new(KernelPermissions.UsersUpdate),
        ["roles"] = new(KernelPermissions.RolesView),
        ["roleChanges"] = new(KernelPermissions.RolesView),
        ["permissions"] = new(KernelPermissions.RolesView),
        ["createRole"] = new(KernelPermissions.RolesConfigure),
        ["grantPermission"] = new(KernelPermissions.RolesConfigure),
        ["revokePermission"] = new(KernelPermissions.RolesConfigure),
        ["tokens"] = new(KernelPermissions.TokensView),
        ["createToken"] = new(KernelPermissions.TokensCreate),
        ["revokeToken"] = new(KernelPermissions.TokensRevoke),
        ["meta"] = Right.Filtered,
        ["operationsSummary"] = Right.Filtered,
        ["operationsAlerts"] = Right.Filtered,
        ["operationsTrends"] = Right.Filtered,
        ["operationsStatus"] = Right.Filtered,
        ["operationsWaiting"] = Right.Own,
        ["operationsDemand"] = Right.Filtered,
        ["analyticsHub"] = Right.Filtered,
        ["moduleDashboard"] = Right.Filtered,
        ["activity"] = Right.Filtered,
        ["search"] = Right.Filtered,
        ["exceptions"] = Right.Filtered,
        ["targets"] = Right.Filtered,
        ["approvals"] = Right.Filtered,
        ["delegations"] = Right.Own,
        ["delegate"] = Right.Own,
        ["revokeDelegation"] = Right.Own,
        ["approve-approval"] = Right.Filtered,
        ["reject-approval"] = Right.Filtered,
        ["send-back-approval"] = Right.Filtered,
        ["decideApprovals"] = Right.Filtered,
        ["approvalRuleChoices"] = new("kernel.rules.view"),
        ["tryApprovalRule"] = new("kernel.rules.view"),
        ["notices"] = Right.Own,
        ["readNotices"] = Right.Own,
    };

    private static readonly Dictionary<string, Right> OfCentres = new(StringComparer.Ordinal)
    {
        ["audit"] = new("kernel.audit.view"),
        ["auditVerifications"] = new("kernel.audit.view"),
        ["sealState"] = new("kernel.audit.view"),
        ["sealBlocks"] = new("kernel.audit.view"),
        ["eventProof"] = new("kernel.audit.view"),
        ["transactionProof"] = new("kernel.ledger.view"),
        ["importKinds"] = new("kernel.imports.view"),
        ["uploadImport"] = new("kernel.imports.view"),
        ["importColumns"] = new("kernel.imports.view"),
        ["previewImport"] = new("kernel.imports.view"),
        ["imports"] = new("kernel.imports.view"),
        ["runImport"] = new("kernel.imports.run"),
        ["undoImport"] = new("kernel.imports.run"),
        ["copyTargets"] = new("kernel.targets.configure"),
        ["work"] = Right.Filtered,
        ["workItem"] = Right.Filtered,
        ["workFile"] = Right.Filtered,
        ["cancelWork"] = Right.Filtered,
        ["views"] = Right.Filtered,
        ["recents"] = Right.Own,
        ["visit"] = Right.Own,
        ["allReports"] = Right.Filtered,
        ["schedules"] = Right.Filtered,
        ["scheduleRuns"] = Right.Filtered,
        ["scheduleFile"] = Right.Filtered,
        ["jobs"] = new("kernel.jobs.view"),
        ["jobRuns"] = new("kernel.jobs.view"),
        ["runJob"] = new("kernel.jobs.run"),
        ["exception"] = Right.Filtered,
        ["exceptionPeople"] = new("kernel.exceptions.resolve"),
        ["snoozeException"] = new("kernel.exceptions.resolve"),
        ["assignException"] = new("kernel.exceptions.resolve"),
        ["handleExceptions"] = new("kernel.exceptions.resolve"),
        ["acknowledgeException"] = new("kernel.exceptions.resolve"),
        ["resolveException"] = new("kernel.exceptions.resolve"),
        ["setTarget"] = new("kernel.targets.configure"),
        ["ledgerAccounts"] = new("kernel.ledger.view"),
        ["ledgerEntries"] = new("kernel.ledger.view"),
        ["trialBalance"] = new("kernel.ledger.view"),
        ["ledgerPeriods"] = new("kernel.ledger.view"),
    };

    private static readonly Dictionary<string, Right> OfPointOfSale = new(StringComparer.Ordinal)
    {
        ["previewSale"] = new(Pos + "create"),
        ["checkout"] = new(Pos + "create"),
        ["parkBasket"] = new(Pos + "create"),
        ["resumeBasket"] = new(Pos + "create"),
        ["reverseSale"] = new(Pos + "reverse"),
        ["authorise"] = new(Pos + "create"),
        ["moveCash"] = new(Pos + "move-cash"),
        ["openShift"] = new(Pos + "open-shift"),
        ["countShift"] = new(Pos + "count"),
        ["closeShift"] = new(Pos + "close-shift"),
        ["handOverShift"] = new(Pos + "close-shift"),
        ["openDrawer"] = new(Pos + "open-drawer"),
        ["shifts"] = new(Pos + "view"),
        ["shift"] = new(Pos + "view"),
        ["shiftReport"] = new(Pos + "view"),
        ["register"] = new(Pos + "view"),
        ["posTerminals"] = new(Pos + "view"),
        ["posCatalogue"] = new(Pos + "view"),
        ["posCustomers"] = new(Pos + "view"),
        ["parkedBaskets"] = new(Pos + "view"),
        ["issueVoucher"] = new(Pos + "issue-voucher"),
        ["voucher"] = new(Pos + "view"),
        ["receipt"] = new(Pos + "view"),
    };

    private static readonly Dictionary<string, Right> ByName = new([.. OfKernel, .. OfCentres, .. OfPointOfSale], StringComparer.Ordinal);

    private static readonly HashSet<string> FunctionReads =
        ["list", "choices", "detail", "timeline", "entries", "related", "reports", "report", "dashboard", "trend", "variance", "heatmap", "forecast"];

    /// <summary>The right of an endpoint; null when nobody has said.</summary>
    public static Right? Of(Route route, IEnumerable<Function> functions)
    {
        if (ByName.TryGetValue(route.Name, out var named)) return named;
        if (route.Endpoint.Metadata.GetMetadata<AsksFor>() is { } asks) return new Right(asks.Permission);
        if (!route.IsApi && OpenPatterns.Contains(route.Pattern)) return Right.Open;
        foreach (var function in functions)
        {
            if (!route.Name.EndsWith($"-{function.Code}", StringComparison.Ordinal)) continue;
            var what = route.Name[..^(function.Code.Length + 1)];
            if (FunctionReads.Contains(what)) return new Right($"{function.Code}.view");
            if (Verb.Offered.Contains(what)) return new Right($"{function.Code}.{LifecycleDesk.PermissionOf(what)}");
        }

        return null;
    }

    /// <summary>Whether the framework lets everybody in.</summary>
    public static bool IsAnonymous(Route route) => route.Endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
}
