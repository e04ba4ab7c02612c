namespace Plug1.Kernel.Reporting.Schedules;

/// <summary>Who is told of a file: a person or who holds a role.</summary>
/// <param name="User">The name to sign in of a person, or null.</param>
/// <param name="Role">A role, or null.</param>
public sealed record ScheduleRecipient(string? User = null, string? Role = null);

/// <summary>A report at set times, as it was typed.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Format">csv, xlsx or pdf.</param>
/// <param name="Every">daily, weekly or monthly.</param>
/// <param name="At">Time of the day by the branch's clock, such as 06:30.</param>
/// <param name="Period">yesterday, last-week, last-month or month-to-date.</param>
/// <param name="Page">A list or a report; may be left out where a view is named.</param>
/// <param name="Query">The query of its address; days in it are replaced by the period.</param>
/// <param name="ViewId">A saved view whose page and query are taken each time, as it stands then.</param>
/// <param name="OnDay">Of a weekly one 1 for Monday to 7; of a monthly one 1 to 31.</param>
/// <param name="Branch">The branch by whose clock it goes; the one worked in when left out.</param>
/// <param name="Branches">Codes of the branches that it tells; empty for what the query says, or all.</param>
/// <param name="KeepDays">How long files are kept, 1 to 365 days.</param>
/// <param name="Recipients">Who is told beside the owner, 50 at most.</param>
/// <param name="Active">Whether it runs.</param>
public sealed record ScheduleDraft(
    string Name, string Format, string Every, string At, string Period, string? Page = null, string? Query = null, Guid? ViewId = null, int OnDay = 1, string? Branch = null,
    IReadOnlyList<string>? Branches = null, int KeepDays = 30, IReadOnlyList<ScheduleRecipient>? Recipients = null, bool Active = true);

/// <summary>A run in short.</summary>
/// <param name="Id">Identity.</param>
/// <param name="DueAt">When it was due.</param>
/// <param name="State">waiting, running, done, refused or failed.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Code">Why not: the code of the refusal.</param>
/// <param name="Message">Why not, in words.</param>
public sealed record RunBrief(Guid Id, DateTimeOffset DueAt, string State, DateTimeOffset? EndedAt, string? Code, string? Message);

/// <summary>A report at set times.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Name.</param>
/// <param name="Function">Whose page it is.</param>
/// <param name="Page">The page.</param>
/// <param name="Query">The query of its address.</param>
/// <param name="ViewId">The saved view that it follows, or null.</param>
/// <param name="Format">csv, xlsx or pdf.</param>
/// <param name="Every">daily, weekly or monthly.</param>
/// <param name="OnDay">Day of the week or month.</param>
/// <param name="At">Time of the day.</param>
/// <param name="Branch">Code of the branch whose clock it is.</param>
/// <param name="TimeZone">That clock.</param>
/// <param name="Period">Which days it tells.</param>
/// <param name="Branches">Codes of the branches that it tells; empty for all.</param>
/// <param name="KeepDays">How long files are kept.</param>
/// <param name="Active">Whether it runs.</param>
/// <param name="NextAt">When it runs next; null while it does not.</param>
/// <param name="OwnerId">With whose permissions it runs.</param>
/// <param name="Owner">The owner's name.</param>
/// <param name="Mine">Whether the reader may change it.</param>
/// <param name="Recipients">Who is told beside the owner.</param>
/// <param name="Last">Its last run, or null.</param>
/// <param name="Version">Counts the changes.</param>
public sealed record Schedule(
    Guid Id, string Name, string Function, string Page, string Query, Guid? ViewId, string Format, string Every, int OnDay, string At, string Branch, string TimeZone, string Period,
    IReadOnlyList<string> Branches, int KeepDays, bool Active, DateTimeOffset? NextAt, Guid OwnerId, string Owner, bool Mine, IReadOnlyList<ScheduleRecipient> Recipients, RunBrief? Last, long Version);

/// <summary>A run with the file that it made.</summary>
/// <param name="Id">Identity.</param>
/// <param name="ScheduleId">Of which schedule.</param>
/// <param name="Title">The schedule's name when it ran.</param>
/// <param name="Function">Whose page it is.</param>
/// <param name="DueAt">When it was due.</param>
/// <param name="State">waiting, running, done, refused or failed.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="From">First day that it tells.</param>
/// <param name="To">Last day that it tells.</param>
/// <param name="Code">Why not: the code of the refusal.</param>
/// <param name="Message">Why not, in words.</param>
/// <param name="FileName">The file's name.</param>
/// <param name="MediaType">What it is to browsers.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256 in hexadecimal.</param>
/// <param name="ExpiresAt">Until when it is kept; null when there is no file, or no longer.</param>
public sealed record ScheduleRun(
    Guid Id, Guid ScheduleId, string Title, string Function, DateTimeOffset DueAt, string State, DateTimeOffset? EndedAt, DateOnly? From, DateOnly? To, string? Code, string? Message,
    string? FileName, string? MediaType, long? Rows, long? Bytes, string? Sha256, DateTimeOffset? ExpiresAt);

/// <summary>Why a schedule says no.</summary>
internal static class ScheduleRefusals
{
    public static readonly Refusal OwnerGone = new("SCHEDULE_OWNER_INACTIVE", "The owner of this schedule may not sign in any more.", Status: 403);

    public static readonly Refusal ViewGone = new("SCHEDULE_VIEW_GONE", "The saved view that this schedule follows is no longer there, or no longer shared with its owner.");

    public static readonly Refusal FileGone = new("FILE_GONE", "This file has had its time and is no longer kept. Run the schedule again.", Status: 410);

    public static Refusal Invalid(string message, string at) => new("SCHEDULE_INVALID", message, at);

    public static Refusal Limit(int most) => new("SCHEDULE_LIMIT", $"You have {most} schedules, which is the most. Delete one first.", Status: 409);

    public static Refusal FileTooLarge(long bytes) => Refusals.ExportTooLarge(0, "file") with
    {
        Message = $"The file would have more than {bytes / (1024 * 1024)} MB, more than is kept. Choose a shorter period, fewer branches or more filters.",
        Detail = null,
    };
}
