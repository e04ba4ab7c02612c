using System.Globalization;
using Plug1.Host.CommandLine;
using Plug1.Kernel;
using Plug1.Kernel.MasterData;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Storage;

namespace Plug1.Host.Backups;

/// <summary>When and where backups are made by themselves.</summary>
/// <param name="Active">Whether they are.</param>
/// <param name="At">Time of day, such as <c>02:30</c>.</param>
/// <param name="TimeZone">Of the IANA database.</param>
/// <param name="Folder">A folder within the data folder, or a full path below <c>PLUG1_BACKUP_FOLDER</c>.</param>
/// <param name="Keep">How many are kept; older ones are deleted when a new one has verified.</param>
/// <param name="KeyFile">A key file within the data folder; null for that of <c>PLUG1_BACKUP_KEY</c>, and when that is not set for none.</param>
/// <param name="Version">Counts the changes; zero before the first.</param>
internal sealed record BackupPlan(bool Active, string At, string TimeZone, string Folder, long Keep, string? KeyFile = null, long Version = 0);

/// <summary>A plan as it is entered.</summary>
internal sealed record BackupPlanWrite(bool Active, string At, string TimeZone, string Folder = BackupPlans.UsualFolder, int Keep = 14, string? KeyFile = null);

/// <summary>Keeps the plan, and says which folders and keys of the server may be used.</summary>
internal sealed class BackupPlans(Place place)
{
    /// <summary>Where backups go unless somebody says otherwise.</summary>
    public const string UsualFolder = "backups";

    private static string? AllowedFolder => Environment.GetEnvironmentVariable("PLUG1_BACKUP_FOLDER") is { Length: > 0 } named ? Path.GetFullPath(named) : null;

    private static string? UsualKey => Environment.GetEnvironmentVariable("PLUG1_BACKUP_KEY") is { Length: > 0 } named ? Path.GetFullPath(named) : null;

    /// <summary>Reads it; nothing is planned before somebody has.</summary>
    public static async Task<BackupPlan> Read(Db db, CancellationToken ct) =>
        await db.First($"select active, minute, time_zone, folder, keep, key_file, version from backup_plan", row => new BackupPlan(
            row.Bool(0), TimeOnly.MinValue.AddMinutes(row.Int(1)).ToString("HH:mm", CultureInfo.InvariantCulture), row.Text(2), row.Text(3), row.Long(4), row.TextOrNull(5), row.Long(6)), ct)
        ?? new BackupPlan(false, "02:30", await db.First($"select time_zone from branch order by code limit 1", row => row.Text(0), ct) ?? "UTC", UsualFolder, 14);

    /// <summary>The next time it is due; null when nothing is planned.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="now">Now.</param>
    /// <param name="last">The last day that had its run, or null.</param>
    public static DateTimeOffset? Next(BackupPlan plan, DateTimeOffset now, DateOnly? last)
    {
        if (!plan.Active) return null;
        var zone = TimeZoneInfo.FindSystemTimeZoneById(plan.TimeZone);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        var day = last is { } done && done >= today ? done.AddDays(1) : today;
        var local = day.ToDateTime(TimeOnly.ParseExact(plan.At, "HH:mm", CultureInfo.InvariantCulture));
        // An hour that the clock skips in spring is taken at its end.
        while (zone.IsInvalidTime(local)) local = local.AddMinutes(15);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>Checks a plan and gathers it.</summary>
    public async Task<Result<BackupPlan>> Change(Tx tx, BackupPlanWrite write, long? expected, CancellationToken ct)
    {
        if (!TimeOnly.TryParseExact(write.At, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)) return BackupRefusals.TimeInvalid;
        if (!BranchMaster.IsTimeZone(write.TimeZone)) return MasterRefusals.TimeZoneUnknown;
        if (write.Keep is < 1 or > 1000) return BackupRefusals.KeepInvalid;
        if (FolderOf(write.Folder) is not { } folder) return BackupRefusals.FolderOutside;
        if (!CanWrite(folder)) return BackupRefusals.FolderUnusable;
        if (write.KeyFile is not null && !await IsKey(write.KeyFile, ct)) return BackupRefusals.KeyUnusable;
        var before = await Read(tx, ct);
        if (expected is { } seen && seen != before.Version) return Kernel.Security.SecurityRefusals.VersionConflict(before.Version);
        var minute = (at.Hour * 60) + at.Minute;
        tx.Stage($"""
            insert into backup_plan (id, active, minute, time_zone, folder, keep, key_file, version)
            values (1, {write.Active}, {minute}, {write.TimeZone}, {write.Folder}, {write.Keep}, {write.KeyFile}, 1)
            on conflict (id) do update set active = excluded.active, minute = excluded.minute, time_zone = excluded.time_zone, folder = excluded.folder,
              keep = excluded.keep, key_file = excluded.key_file, version = backup_plan.version + 1
            """);
        return new BackupPlan(write.Active, write.At, write.TimeZone, write.Folder, write.Keep, write.KeyFile, before.Version + 1);
    }

    /// <summary>The full path of a folder; null when the operator does not allow it.</summary>
    public string? FolderOf(string named)
    {
        if (named.Length is 0 or > 500 || named.Any(char.IsControl)) return null;
        var full = Path.GetFullPath(named, place.Folder);
        return IsWithin(full, place.Folder) || (AllowedFolder is { } allowed && IsWithin(full, allowed)) ? full : null;
    }

    /// <summary>The key of the plan, or null for none.</summary>
    /// <exception cref="CommandFailure">The file is gone, or others may read it.</exception>
    public async Task<byte[]?> KeyOf(BackupPlan plan, CancellationToken ct) =>
        plan.KeyFile is { } named ? await BackupKey.Read(Path.GetFullPath(named, place.Folder), ct)
        : UsualKey is { } usual ? await BackupKey.Read(usual, ct) : null;

    private async Task<bool> IsKey(string named, CancellationToken ct)
    {
        if (named.Length is 0 or > 500 || named.Any(char.IsControl)) return false;
        var full = Path.GetFullPath(named, place.Folder);
        if (!IsWithin(full, place.Folder)) return false;
        try
        {
            await BackupKey.Read(full, ct);
            return true;
        }
        catch (Exception failure) when (failure is CommandFailure or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsWithin(string path, string folder) => path == folder || path.StartsWith(folder.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static bool CanWrite(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, $".{Path.GetRandomFileName()}");
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
