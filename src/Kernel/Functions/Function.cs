using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Functions;

/// <summary>A permission that a function knows, and the role templates that hold it at first.</summary>
/// <param name="Action">The action; the permission is <c>function.action</c>.</param>
/// <param name="Label">What it allows, for the permission matrix.</param>
/// <param name="Roles">Role templates that get it by default, besides the administrator.</param>
/// <param name="Sensitive">Shown apart in the matrix.</param>
public sealed record ActionDeclaration(string Action, string Label, IReadOnlyList<string> Roles, bool Sensitive = false);

/// <summary>A kind of document of a function.</summary>
/// <param name="Code">Code, unique inside the function.</param>
/// <param name="Name">Name.</param>
/// <param name="Revisable">Whether it can be a draft again after it was handed in, because the function has a place where its drafts are changed.</param>
/// <param name="Dated">Whether it posts on its business date, so that its month is not closed while it waits; what only bids others to post does not.</param>
public sealed record KindDeclaration(string Code, string Name, bool Revisable = false, bool Dated = true);

/// <summary>A column of the function's list.</summary>
/// <param name="Key">Name in the answer, camelCase.</param>
/// <param name="Label">Heading.</param>
/// <param name="Type">text number integer money quantity price rate date instant status party item branch user id boolean.</param>
/// <param name="Sql">Expression over the function's list source (<see cref="Function.ListSource"/>).</param>
/// <param name="Filterable">May be given as a filter.</param>
/// <param name="Sortable">May be sorted by; such a column must have an index behind it or be bounded by one.</param>
/// <param name="Shown">Shown unless the user chooses otherwise.</param>
/// <param name="Options">The values it can have, when they are few.</param>
/// <param name="Permission">Action without which the column is left out, such as <c>view-cost</c>.</param>
/// <param name="Choices">Where its filter's values are looked up: one of <see cref="Functions.Choices.Kinds"/>, or null.</param>
public sealed record ColumnDeclaration(
    string Key, string Label, string Type, string Sql, bool Filterable = false, bool Sortable = false, bool Shown = true,
    IReadOnlyList<string>? Options = null, string? Permission = null, string? Choices = null)
{
    /// <summary>Action without which the column is left out of files, beside <see cref="Permission"/>; null for none.</summary>
    public string? ExportPermission { get; init; }
}

/// <summary>A measure over facts.</summary>
/// <param name="Key">Name, camelCase.</param>
/// <param name="Label">Heading.</param>
/// <param name="Type">money, quantity, integer, rate (numerator over denominator), price (money over a count) or number.</param>
/// <param name="Numerator">SQL over fact columns, summed: <c>amount</c>, <c>m1 - m2</c>, <c>case when event = 'posted' then count else 0 end</c>.</param>
/// <param name="Denominator">For a ratio: what the numerator's sum is divided by; null for a plain sum.</param>
/// <param name="Better">up, down or none: which way is good news.</param>
/// <param name="Permission">Action without which it is left out, such as <c>view-cost</c>.</param>
/// <param name="LineGrain">True when it can also be told by category and item, from line facts.</param>
public sealed record MeasureDeclaration(
    string Key, string Label, string Type, string Numerator, string? Denominator = null, string Better = "up", string? Permission = null, bool LineGrain = true);

/// <summary>A figure on dashboards that no sum of facts tells, such as how many different customers bought.</summary>
/// <param name="Key">Name, camelCase; no measure of the function has it.</param>
/// <param name="Label">Heading.</param>
/// <param name="Type">integer, money, or rate: the first column over the second.</param>
/// <param name="Better">up, down or none: which way is good news.</param>
/// <param name="Read">Selects one row: the figure, and for a rate what it is divided by.</param>
/// <param name="Permission">Action without which it is left out.</param>
public sealed record KpiFigure(string Key, string Label, string Type, string Better, Func<KpiQuestion, Sql> Read, string? Permission = null);

/// <summary>What a figure is asked for.</summary>
/// <param name="Engine">The engine.</param>
/// <param name="From">First business day.</param>
/// <param name="To">Last business day, included.</param>
/// <param name="Branches">The branches; null for all.</param>
public sealed record KpiQuestion(Engine Engine, DateOnly From, DateOnly To, IReadOnlyList<Guid>? Branches)
{
    /// <summary>The test whether a column is one of the branches, with the word <c>and</c> before it; nothing for all.</summary>
    public Sql AndAt(string column) => Branches is null ? Sql.Raw("") : (Sql)$" and {Sql.Raw(column)} {Sql.List(Branches)}";
}

/// <summary>A dimension that the function adds to the common ones (branch, user, shift, category, item, channel, party, hour, weekday).</summary>
/// <param name="Key">Name, camelCase.</param>
/// <param name="Label">Heading.</param>
/// <param name="Column">The fact column that holds it: d1..d4.</param>
public sealed record DimensionDeclaration(string Key, string Label, string Column);

/// <summary>A named report beside the daily, weekly and monthly set.</summary>
/// <param name="Code">Name in the address.</param>
/// <param name="Name">Title.</param>
/// <param name="Run">Makes it.</param>
/// <param name="Permission">Action needed beside view.</param>
public sealed record NamedReport(string Code, string Name, Func<ReportCall, CancellationToken, Task<NamedReportResult>> Run, string? Permission = null)
{
    /// <summary>Reads it row by row for a file, for reports that have as many rows as there are documents; null when <see cref="Run"/> gives all there is.</summary>
    public Func<ReportCall, CancellationToken, NamedReportStream>? Stream { get; init; }
}

/// <summary>A named report that is read row by row; its session does nothing else meanwhile.</summary>
/// <param name="Columns">The columns that <see cref="NamedReportResult.Columns"/> has too.</param>
/// <param name="Rows">Rows, with the document each leads to.</param>
/// <param name="Totals">Totals, asked for after the last row; null for none.</param>
public sealed record NamedReportStream(IReadOnlyList<ReportField> Columns, IAsyncEnumerable<(object?[] Cells, Guid? Document)> Rows, Func<object?[]?>? Totals = null);

/// <summary>What a named report was asked.</summary>
/// <param name="Db">A session for reading.</param>
/// <param name="From">First business day.</param>
/// <param name="To">Last business day, included.</param>
/// <param name="Branches">Branches that the reader may see and has chosen.</param>
/// <param name="Filters">Further filters by name: user, shift, category, item, channel, party.</param>
/// <param name="May">Whether the reader has an action of the function.</param>
public sealed record ReportCall(Db Db, DateOnly From, DateOnly To, IReadOnlyList<Guid> Branches, IReadOnlyDictionary<string, string> Filters, Func<string, bool> May);

/// <summary>A column of a named report's answer.</summary>
/// <param name="Key">Name, camelCase.</param>
/// <param name="Label">Heading.</param>
/// <param name="Type">As in <see cref="ColumnDeclaration"/>.</param>
public sealed record ReportField(string Key, string Label, string Type);

/// <summary>Rows of a named report: raw values by column (minor units, millionths, dates, texts), totals, and where a row leads.</summary>
/// <param name="Columns">Columns.</param>
/// <param name="Rows">Rows, values in the order of the columns.</param>
/// <param name="Totals">Totals in the order of the columns, null where none makes sense.</param>
/// <param name="Documents">For each row the document it leads to, or null; may be shorter than the rows.</param>
public sealed record NamedReportResult(IReadOnlyList<ReportField> Columns, IReadOnlyList<object?[]> Rows, object?[]? Totals = null, IReadOnlyList<Guid?>? Documents = null);

/// <summary>An approval rule that a new company starts with.</summary>
public sealed record ApprovalDefault(string Kind, string Action, string Figure, long Over, string Role, int Level = 1, int EscalateMinutes = 240, string EscalateRole = "administrator");

/// <summary>A figure that approval rules compare, and how it is told of documents that are there already.</summary>
/// <param name="Kind">The kind that has it; empty for all.</param>
/// <param name="Name">Name in rules: the key of <see cref="Documents.Document.ApprovalFigures"/>.</param>
/// <param name="Label">What it is.</param>
/// <param name="Type">money, rate or integer.</param>
/// <param name="Sql">What it is of the document <c>d</c>, in minor units, millionths or a count; null where the document has none. Both engines read it.</param>
public sealed record FigureDeclaration(string Kind, string Name, string Label, string Type, string Sql);

/// <summary>A reason that a new company starts with.</summary>
public sealed record ReasonDefault(string Action, string Code, string Label);

/// <summary>A button on a dashboard.</summary>
/// <param name="Code">Name.</param>
/// <param name="Label">Text.</param>
/// <param name="Page">Page it opens.</param>
/// <param name="Action">Action needed.</param>
public sealed record QuickAction(string Code, string Label, string Page, string Action);

/// <summary>Two labelled values of a document's page.</summary>
public sealed record DetailField(string Label, object? Value, string Type);

/// <summary>A headed group of labelled values.</summary>
public sealed record DetailSection(string Title, IReadOnlyList<DetailField> Fields);

/// <summary>A table on a document's page; rows are raw values in the order of the columns.</summary>
public sealed record DetailTable(string Key, string Title, IReadOnlyList<ReportField> Columns, IReadOnlyList<object?[]> Rows);

/// <summary>What a function tells of one document beside its header.</summary>
/// <param name="Sections">Groups of values.</param>
/// <param name="Tables">Tables.</param>
/// <param name="Standing">Derived standing, or null.</param>
/// <param name="Data">The function's own typed detail, written as JSON.</param>
public sealed record DetailView(IReadOnlyList<DetailSection> Sections, IReadOnlyList<DetailTable> Tables, string? Standing = null, object? Data = null);

/// <summary>A function plugs in by describing itself; lists, lifecycle, reports, analytics and pages follow from the description.</summary>
public abstract class Function
{
    /// <summary>Module and slug: <c>sales.point-of-sale</c>.</summary>
    public string Code => $"{Module}.{Slug}";

    /// <summary>Module code.</summary>
    public abstract string Module { get; }

    /// <summary>Slug in routes and pages.</summary>
    public abstract string Slug { get; }

    /// <summary>Name.</summary>
    public abstract string Name { get; }

    /// <summary>One sentence.</summary>
    public abstract string Summary { get; }

    /// <summary>Kinds of document; the first is the main one.</summary>
    public abstract IReadOnlyList<KindDeclaration> Kinds { get; }

    /// <summary>Codes of functions without which this one does not work: they may not be switched off while it is on.</summary>
    public virtual IReadOnlyList<string> Needs => [];

    /// <summary>Kinds of its sessions, such as <c>shift</c>: while one is open the function may not be switched off.</summary>
    public virtual IReadOnlyList<string> SessionKinds => [];

    /// <summary>Actions that permissions are granted for.</summary>
    public abstract IReadOnlyList<ActionDeclaration> Actions { get; }

    /// <summary>Columns of the list beyond the header's own.</summary>
    public virtual IReadOnlyList<ColumnDeclaration> Columns => [];

    /// <summary>Joins that the columns need, after <c>from document d</c>.</summary>
    public virtual string ListSource => "";

    /// <summary>What the list's search finds beside the beginning of a number: a test of the document <c>d</c>, or null for nothing else.</summary>
    public virtual Sql? FoundBy(string text) => null;

    /// <summary>Whether its documents belong to the whole company: who may see them at one branch sees those of all, unless they choose branches.</summary>
    public virtual bool CompanyWide => false;

    /// <summary>Measures over facts; the first is the main one.</summary>
    public virtual IReadOnlyList<MeasureDeclaration> Measures => [];

    /// <summary>Own dimensions.</summary>
    public virtual IReadOnlyList<DimensionDeclaration> Dimensions => [];

    /// <summary>Sums of its own that its named reports read; null for none.</summary>
    public virtual FunctionSums? Sums => null;

    /// <summary>Named reports.</summary>
    public virtual IReadOnlyList<NamedReport> Reports => [];

    /// <summary>Measures shown as KPI cards, by key.</summary>
    public virtual IReadOnlyList<string> KpiMeasures => [.. Measures.Take(6).Select(measure => measure.Key)];

    /// <summary>Figures beside the measures on the dashboards of the function and of its module.</summary>
    public virtual IReadOnlyList<KpiFigure> KpiFigures => [];

    /// <summary>Account roles that this function posts to beside the kernel's, each with its account in a new chart.</summary>
    public virtual IReadOnlyList<(AccountRole Role, string Gl, string Name, string Group)> Accounts => [];

    /// <summary>Exception rules.</summary>
    public virtual IReadOnlyList<ExceptionDeclaration> Exceptions => [];

    /// <summary>Approval rules at the start.</summary>
    public virtual IReadOnlyList<ApprovalDefault> ApprovalDefaults => [];

    /// <summary>Figures that approval rules compare.</summary>
    public virtual IReadOnlyList<FigureDeclaration> Figures { get; } = [new("", "amount", "Amount", "money", "abs(d.total)")];

    /// <summary>Whether a step of a kind of document asks the approval rules at all.</summary>
    public virtual bool AsksApproval(string kind, string action) => action is Verb.Submit or Verb.Reverse;

    /// <summary>Which documents <c>d</c> of those kinds ask, as SQL: some are made and posted in one step by something else that was granted.</summary>
    public virtual string AsksApprovalWhen => "1 = 1";

    /// <summary>Reasons at the start.</summary>
    public virtual IReadOnlyList<ReasonDefault> ReasonDefaults => [];

    /// <summary>Quick actions.</summary>
    public virtual IReadOnlyList<QuickAction> QuickActions => [];

    /// <summary>Reads a document with its typed data for a lifecycle step; the header is locked already.</summary>
    public abstract Task<Document> Load(Tx tx, Header header, CancellationToken ct);

    /// <summary>What the detail page shows. <paramref name="may"/> tells whether the reader has an action of this function.</summary>
    public abstract Task<DetailView> Detail(Db db, Header header, Func<string, bool> may, CancellationToken ct);

    /// <summary>Makes the mirror header of a reversal; most functions keep the default.</summary>
    public virtual Header MirrorOf(Header header, Guid mirrorId, Stamp stamp)
    {
        var mirror = Header.Draft(mirrorId, header.Function, header.Kind, stamp, header.Currency);
        mirror.PartyId = header.PartyId;
        mirror.Total = -header.Total;
        mirror.Channel = header.Channel;
        mirror.SessionId = header.SessionId;
        mirror.SourceDocumentId = header.Id;
        mirror.ReversalOf = header.Id;
        return mirror;
    }
}

/// <summary>The functions of this program, by code.</summary>
public sealed class FunctionCatalogue(IReadOnlyList<Function> functions)
{
    private readonly Dictionary<string, Function> byCode = functions.ToDictionary(function => function.Code);

    /// <summary>All, in the order of their modules.</summary>
    public IReadOnlyList<Function> All => functions;

    /// <summary>One by its code, or null.</summary>
    public Function? Find(string code) => byCode.GetValueOrDefault(code);

    /// <summary>One by its code.</summary>
    public Function Of(string code) => byCode.TryGetValue(code, out var function) ? function : throw new InvariantBrokenException($"Function {code} is unknown.");
}
