namespace Plug1.Kernel.Security;

/// <summary>The permissions of whoever runs the installation: functions on and off, backups, diagnostics.</summary>
public static class AdministrationPermissions
{
    /// <summary>See which functions are on.</summary>
    public const string FunctionsView = "kernel.functions.view";

    /// <summary>See backups and their plan.</summary>
    public const string BackupsView = "kernel.backups.view";

    /// <summary>Take a backup file away.</summary>
    public const string BackupsDownload = "kernel.backups.download";

    /// <summary>See how the server is and take the support bundle.</summary>
    public const string DiagnosticsView = "kernel.diagnostics.view";

    /// <summary>Their declarations.</summary>
    public static readonly IReadOnlyList<PermissionDeclaration> All =
    [
        new(FunctionsView, "See which functions are switched on", ["auditor"]),
        new("kernel.functions.configure", "Switch functions on and off", [], Sensitive: true),
        new(BackupsView, "See backups and their schedule", ["auditor"]),
        new("kernel.backups.run", "Make a backup now", []),
        new("kernel.backups.configure", "Change the schedule of backups", [], Sensitive: true),
        new(BackupsDownload, "Download a backup: all that the company knows", [], Sensitive: true),
        new(DiagnosticsView, "See how the server is and download the support bundle", []),
    ];
}
