namespace Plug1.Kernel.Notices;

/// <summary>Something that somebody should know: for one person, or for who holds a role at a branch and who stands in for them.</summary>
/// <param name="Kind">What it is, such as <c>approval</c>, <c>exception</c>, <c>report</c>, <c>job</c>.</param>
/// <param name="Title">One line.</param>
/// <param name="Text">A sentence beside it, or nothing.</param>
/// <param name="Link">The page that it leads to, from the root of the application; or nothing.</param>
public sealed record Notice(string Kind, string Title, string Text, string Link)
{
    /// <summary>The person; null when it is for a role.</summary>
    public Guid? ToUser { get; init; }

    /// <summary>The role whose holders are told; administrators when nobody holds it.</summary>
    public string? ToRole { get; init; }

    /// <summary>The branch at which the role is held; null for any.</summary>
    public Guid? BranchId { get; init; }

    /// <summary>What it is about; when that is settled, the notice counts as read.</summary>
    public Guid? Subject { get; init; }

    /// <summary>The version of what it is about, for who acts on the notice itself.</summary>
    public long? Version { get; init; }

    /// <summary>Who is not told, because they did it themselves.</summary>
    public IReadOnlyCollection<Guid> Except { get; init; } = [];
}

/// <summary>A notice as its recipient sees it.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Title">One line.</param>
/// <param name="Text">A sentence beside it.</param>
/// <param name="Link">The page that it leads to.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Version">The version of what it is about.</param>
/// <param name="CreatedAt">When it was written.</param>
/// <param name="ReadAt">When it was read or settled; null while it is new.</param>
public sealed record ReceivedNotice(Guid Id, string Kind, string Title, string Text, string Link, Guid? Subject, long? Version, DateTimeOffset CreatedAt, DateTimeOffset? ReadAt);
