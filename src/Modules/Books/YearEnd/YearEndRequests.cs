namespace Plug1.Books.YearEnd;

/// <summary>Asks to close a year. It begins on the day after the last one that was closed; the first has twelve months.</summary>
/// <param name="LastDay">Its last day, the last of a month.</param>
/// <param name="Text">A remark, or null.</param>
public sealed record YearEndRequest(DateOnly LastDay, string? Text = null);

/// <summary>Something that must hold before a year is closed.</summary>
/// <param name="Code">periods, unposted, earlier-year or ledger.</param>
/// <param name="Holds">Whether it does.</param>
/// <param name="Text">One sentence: what was looked at, or what is wrong.</param>
public sealed record YearEndCheck(string Code, bool Holds, string Text);

/// <summary>What the close of an account at a branch books.</summary>
/// <param name="Branch">Code of the branch.</param>
/// <param name="Account">Account of the chart.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">income or expense.</param>
/// <param name="Debit">Booked as a debit, or null.</param>
/// <param name="Credit">Booked as a credit, or null.</param>
public sealed record YearEndLine(string Branch, string Account, string Name, string Kind, string? Debit, string? Credit);

/// <summary>What closing a year would do.</summary>
/// <param name="FirstDay">First day of the year.</param>
/// <param name="LastDay">Last day.</param>
/// <param name="Currency">Currency.</param>
/// <param name="Income">What was earned.</param>
/// <param name="Expenses">What was spent.</param>
/// <param name="Result">What goes to retained earnings; a loss is below zero.</param>
/// <param name="Ready">Whether all checks hold.</param>
/// <param name="Checks">The checks.</param>
/// <param name="Lines">What would be booked, without retained earnings.</param>
public sealed record YearEndPreview(
    DateOnly FirstDay, DateOnly LastDay, string Currency, string Income, string Expenses, string Result, bool Ready, IReadOnlyList<YearEndCheck> Checks, IReadOnlyList<YearEndLine> Lines);

/// <summary>Where a close of a year stands.</summary>
/// <param name="Id">Id.</param>
/// <param name="Number">Number, once it is posted.</param>
/// <param name="Status">Status.</param>
/// <param name="Version">Version.</param>
/// <param name="Result">What goes to retained earnings.</param>
/// <param name="WaitsFor">The role that must approve it first.</param>
public sealed record YearEndAnswer(Guid Id, string? Number, string Status, long Version, string Result, string? WaitsFor);
