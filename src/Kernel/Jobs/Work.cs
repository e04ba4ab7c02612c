namespace Plug1.Kernel.Jobs;

/// <summary>How long work stands.</summary>
public static class WorkState
{
    /// <summary>The states.</summary>
    public const string Waiting = "waiting", Running = "running", Done = "done", Failed = "failed", Cancelled = "cancelled";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Waiting, Running, Done, Failed, Cancelled];
}

/// <summary>A file of some work, without its bytes.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Role">What it is to the work: <c>input</c>, or what the work calls what it produced.</param>
/// <param name="Name">File name.</param>
/// <param name="MediaType">Media type.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Sha256">SHA-256 of the bytes, in small hexadecimal digits.</param>
public sealed record WorkFile(Guid Id, string Role, string Name, string MediaType, long Size, string Sha256);

/// <summary>Long work, as it stands.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Kind">Which handler does it.</param>
/// <param name="Title">One line for people.</param>
/// <param name="AskedBy">Who asked for it.</param>
/// <param name="Asker">Their name.</param>
/// <param name="BranchId">The branch it is done for.</param>
/// <param name="State">One of <see cref="WorkState"/>.</param>
/// <param name="Stage">What it is doing.</param>
/// <param name="Done">Steps done.</param>
/// <param name="Total">Steps in all; zero while nobody knows.</param>
/// <param name="CancelAsked">Somebody asked for it to stop.</param>
/// <param name="Input">What was asked, as JSON.</param>
/// <param name="Result">What came out, as JSON; null before the end.</param>
/// <param name="ErrorCode">Stable code of the reason for which it failed.</param>
/// <param name="Error">The reason in words.</param>
/// <param name="AskedAt">When it was asked for.</param>
/// <param name="StartedAt">When it first began.</param>
/// <param name="EndedAt">When it ended.</param>
/// <param name="Node">The machine that runs it, or ran it last.</param>
public sealed record Work(
    Guid Id, string Kind, string Title, Guid AskedBy, string Asker, Guid BranchId, string State, string Stage, long Done, long Total, bool CancelAsked,
    string Input, string? Result, string? ErrorCode, string? Error, DateTimeOffset AskedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, string? Node);

/// <summary>How the queue works.</summary>
/// <param name="Lease">How long a node that says nothing more keeps its work.</param>
/// <param name="Beat">How often a running node says that it is there, writes its progress and looks whether it is to stop.</param>
/// <param name="MostOpen">How much work of one user may wait or run.</param>
/// <param name="MostLost">After how many lost nodes work is given up: it may be what kills them.</param>
public sealed record WorkOptions(TimeSpan Lease, TimeSpan Beat, int MostOpen = 10, int MostLost = 4)
{
    /// <summary>As in service.</summary>
    public static WorkOptions Usual { get; } = new(TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(1));
}

/// <summary>A kind of long work.</summary>
/// <remarks>
/// It may be stopped between any two of its steps, by a server that stops, by a node that dies or by who asked for it, and is then run again from
/// its start with the last checkpoint. So each step does its work and says how far it has come in one transaction (<see cref="WorkRun.Step"/>), or
/// finds what it has done already by a key of its own.
/// </remarks>
public abstract class WorkHandler
{
    /// <summary>Its word, such as <c>import-run</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>Function of the permission that it needs, when it is asked for and when it runs.</summary>
    public abstract string Function { get; }

    /// <summary>Action of that permission.</summary>
    public abstract string Action { get; }

    /// <summary>Whether who asked for it is told when it is done; that it failed they are told always.</summary>
    public virtual bool TellsWhenDone => true;

    /// <summary>The page on which its result is shown.</summary>
    public virtual string LinkOf(Guid work) => $"/work/{work:D}";

    /// <summary>Does it.</summary>
    /// <returns>The result as JSON, or why it could not be done.</returns>
    public abstract Task<Result<string>> Run(WorkRun run, CancellationToken ct);

    /// <summary>The permission.</summary>
    public string Permission => $"{Function}.{Action}";
}

/// <summary>Every reason for which the queue says no.</summary>
public static class WorkRefusals
{
    /// <summary>Too much of one user's work is open.</summary>
    public static Refusal TooMuch(int most) => new("WORK_TOO_MUCH", $"You have {most} pieces of work that wait or run; wait for one of them or cancel it.", Status: 409);

    /// <summary>It has ended.</summary>
    public static Refusal Ended { get; } = new("WORK_ENDED", "This work has ended already.", Status: 409);

    /// <summary>There is no such file, or it is somebody else's.</summary>
    public static Refusal FileUnknown { get; } = new("WORK_FILE_UNKNOWN", "There is no such file of yours; files are kept for a month.", "/fileId");

    /// <summary>The file has no bytes.</summary>
    public static Refusal FileEmpty { get; } = new("WORK_FILE_EMPTY", "The file is empty.");

    /// <summary>The file has a name that is none.</summary>
    public static Refusal FileNameInvalid { get; } = new("WORK_FILE_NAME_INVALID", "A file's name has 1 to 200 characters, without control characters.", "/name");

    /// <summary>The file is too large.</summary>
    public static Refusal FileTooLarge { get; } = new("WORK_FILE_TOO_LARGE", $"A file has at most {WorkFiles.MostBytes / 1_048_576} MB.", Status: 413);

    /// <summary>Too many uploads.</summary>
    public static Refusal FilesTooMany(int most) => new("WORK_FILES_TOO_MANY", $"You have uploaded {most} files within a day that no work has used.", Status: 409);

    /// <summary>Who asked for it is no longer active.</summary>
    public static Refusal AskerGone { get; } = new("WORK_ASKER_GONE", "Who asked for it is not active any more.");

    /// <summary>Nodes that ran it died.</summary>
    public static Refusal GivenUp(long times) => new("WORK_GIVEN_UP", $"{times} servers stopped while they ran it, so it is not tried again.");

    /// <summary>Something broke.</summary>
    public static Refusal Broken(Guid work) => new("WORK_BROKEN", $"Something is wrong on our side; the server's log tells more under {work:D}.");
}
