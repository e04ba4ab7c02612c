using System.Globalization;
using Plug1.Kernel;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Ledger;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Values;

namespace Plug1.Http.Functions;

/// <summary>Turns what the kernel read into what the API writes: exact decimals as text, names beside ids, no empty members.</summary>
internal static class Telling
{
    /// <summary>The page of a document.</summary>
    public static string PageOf(string function, Guid id) => $"/{function.Replace('.', '/')}/{id:D}";

    public static Result<ListAnswer> Of(Result<ListPage> page, Viewer viewer) => page.IsRefused ? page.Refusal : Of(page.Value, viewer);

    public static ListAnswer Of(ListPage page, Viewer viewer) => new([.. page.Rows.Select(row =>
    {
        var exponent = Shown.Exponent(row.Currency, viewer.Organisation.Company.Currency);
        var item = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["id"] = row.Id,
            ["kind"] = row.Kind,
            ["status"] = row.Status,
            ["version"] = row.Version,
            ["currency"] = row.Currency,
        };
        if (row.PartyId is { } party) item["partyId"] = party;
        for (var at = 0; at < page.Columns.Count; at++)
        {
            var column = page.Columns[at];
            var value = column.Key == "branch" ? viewer.BranchName(row.BranchId)
                : column.Key == "number" && row.Cells[at] is "" ? null
                : Shown.Of(row.Cells[at], column.Type, exponent);
            if (value is not null) item[column.Key] = value;
        }

        return item;
    })], page.Next, page.Total);

    public static DocumentAnswer Of(DocumentDetail detail, Viewer viewer)
    {
        var header = detail.Header;
        var exponent = Shown.Exponent(header.Currency, viewer.Organisation.Company.Currency);
        NamedId? Person(Guid? id) => id is { } user ? new NamedId(user, detail.Users.GetValueOrDefault(user, "")) : null;
        return new DocumentAnswer(
            header.Id, header.Number, header.Function, header.Kind, header.Status, detail.View.Standing, header.Version,
            new BranchName(header.BranchId, viewer.BranchCode(header.BranchId), viewer.BranchName(header.BranchId)), header.BusinessDate,
            header.PartyId is { } party ? new NamedId(party, detail.Party ?? "") : null, header.Currency, Shown.Money(header.Total, exponent), header.Channel, header.Note,
            header.CreatedAt, Person(header.CreatedBy)!, header.SubmittedAt, Person(header.SubmittedBy), header.ApprovedAt, Person(header.ApprovedBy),
            header.PostedAt, Person(header.PostedBy), header.ClosedAt, Person(header.ClosedBy), header.ReversedAt, Person(header.ReversedBy), header.ReversalOf,
            header.SourceDocumentId,
            [.. detail.View.Sections.Select(section => new SectionAnswer(section.Title, [.. section.Fields.Select(field => new FieldAnswer(field.Label, Shown.Of(field.Value, field.Type, exponent), field.Type))]))],
            [.. detail.View.Tables.Select(table => new TableAnswer(table.Key, table.Title, Columns(table.Columns), [.. table.Rows.Select(row => Cells(table.Columns, row, exponent))]))],
            detail.Actions, detail.View.Data);
    }

    public static TimelineAnswer Of(IReadOnlyList<TimelineStep> steps) => new([.. steps.Select(step => new TimelineItem(
        step.At, step.User, step.Action, step.Reason, step.Text, Of(step.Changes), step.From, step.To))]);

    public static IReadOnlyList<ChangeAnswer>? Of(IReadOnlyList<Change> changes) =>
        changes.Count == 0 ? null : [.. changes.Select(change => new ChangeAnswer(change.Path, change.Before, change.After))];

    public static EntriesAnswer Of(IReadOnlyList<DocumentTransaction> transactions, IReadOnlyDictionary<string, string> subjects) => new([.. transactions.Select(transaction => new TransactionItem(
        transaction.Id, transaction.BusinessDate, transaction.PostedAt, transaction.ReversalOf, [.. transaction.Entries.Select(entry => new EntryItem(
            entry.Account, entry.AccountName, entry.Role, entry.Subject.Length == 0 ? null : entry.Subject, subjects.GetValueOrDefault(entry.Subject), entry.Unit, Shown.Money(entry.Amount, entry.Scale),
            entry.Amount > 0 ? Shown.Money(entry.Amount, entry.Scale) : null, entry.Amount < 0 ? Shown.Money(checked(-entry.Amount), entry.Scale) : null))]))]);

    public static RelatedAnswer Of((IReadOnlyList<RelatedDocument> Nodes, IReadOnlyList<RelatedEdge> Edges) related, Currency company) => new(
        [.. related.Nodes.Select(node => new RelatedNode(node.Id, node.Number, node.Function, node.Kind, node.Status, Shown.Money(node.Total, Shown.Exponent(node.Currency, company)), node.Currency))],
        [.. related.Edges.Select(edge => new RelatedLink(edge.From, edge.To, edge.Relation))]);

    public static ReportResult Of(ReportAnswer answer, int exponent) => new(
        answer.Report, answer.Title, answer.From, answer.To, Columns(answer.Columns),
        [.. answer.Rows.Select(row => new ReportRow(row.Key, Cells(answer.Columns, row.Cells, exponent), row.Drill, LevelOf(row)))],
        answer.Totals is null ? null : Cells(answer.Columns, answer.Totals, exponent), answer.TotalsDrill, answer.Compare is { } other ? Of(answer, other, exponent) : null, answer.Next);

    private static ReportCompare Of(ReportAnswer answer, ReportComparison other, int exponent)
    {
        Dictionary<string, object?> Differences(object?[] now, object?[] before) => Figures(answer.Columns, now, before, FigureChange.Difference, column => column.Type, exponent);
        Dictionary<string, object?> Rates(object?[] now, object?[] before) => Figures(answer.Columns, now, before, FigureChange.Rate, _ => "rate", exponent);
        var totals = answer.Totals ?? new object?[answer.Columns.Count];
        return new ReportCompare(other.From, other.To,
            [.. other.Rows.Zip(answer.Rows, (before, now) => new ReportCompareRow(before.Key, Cells(answer.Columns, before.Cells, exponent),
                Differences(now.Cells, before.Cells), Rates(now.Cells, before.Cells), before.Drill, LevelOf(before)))],
            Cells(answer.Columns, other.Totals, exponent), Differences(totals, other.Totals), Rates(totals, other.Totals));
    }

    private static int? LevelOf(ReportLine row) => row.Level == 0 ? null : row.Level;

    private static Dictionary<string, object?> Figures(
        IReadOnlyList<ReportField> columns, object?[] now, object?[] before, Func<object?, object?, long?> compare, Func<ReportField, string> type, int exponent)
    {
        var figures = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (var at = 0; at < columns.Count; at++)
            if (ReportExport.IsFigure(columns[at]) && compare(now[at], before[at]) is { } value) figures[columns[at].Key] = Shown.Of(value, type(columns[at]), exponent);
        return figures;
    }

    public static DashboardResult Of(DashboardAnswer answer, Viewer viewer, DashboardRequest request, IReadOnlyDictionary<string, string> filters)
    {
        var exponent = viewer.Organisation.Company.Currency.Exponent;
        return new DashboardResult(new RangeAnswer(answer.From, answer.To),
            [.. answer.Kpis.Select(kpi => Of(kpi, exponent, request, filters))],
            [.. answer.Queue.Select(entry => new QueueItem(entry.Id, entry.Number, entry.Function, entry.What,
                Shown.Money(entry.Amount, Shown.Exponent(entry.Currency, viewer.Organisation.Company.Currency)), entry.Currency, entry.AgeMinutes, PageOf(entry.Function, entry.Id)))],
            Of(answer.Exceptions, viewer), [.. answer.Timeline.Select(entry => Of(entry, viewer))],
            [.. answer.QuickActions.Select(action => new QuickActionItem(action.Action.Code, action.Action.Label, action.Action.Page, $"{action.Function.Code}.{action.Action.Action}"))]);
    }

    public static KpiAnswer Of(Kpi kpi, int exponent, DashboardRequest request, IReadOnlyDictionary<string, string> filters)
    {
        var query = new Dictionary<string, string>(filters, StringComparer.Ordinal) { ["from"] = Day(request.From), ["to"] = Day(request.To) };
        if (!string.IsNullOrEmpty(request.Branch)) query["branch"] = request.Branch;
        return new KpiAnswer(kpi.Key, kpi.Label, kpi.Type, Shown.Of(kpi.Value, kpi.Type, exponent), Shown.Of(kpi.Previous, kpi.Type, exponent),
            kpi.ChangeRate is { } rate ? Shown.Millionths(rate) : null, kpi.Better, [.. kpi.Spark.Select(value => Shown.Of(value ?? 0, kpi.Type, exponent))],
            new DrillAnswer($"/{kpi.Function.Module}/{kpi.Function.Slug}/reports/daily", query));
    }

    public static ExceptionSummary Of(ExceptionCounts counts, Viewer viewer) =>
        new(counts.Critical, counts.High, counts.Medium, counts.Low, [.. counts.Top.Select(entry => Of(entry, viewer))]);

    public static ExceptionItem Of(ExceptionEntry entry, Viewer viewer) => new(
        entry.Id, entry.Rule, entry.Severity, entry.Function, entry.DocumentId is { } id ? new DocumentLink(id, entry.Number, entry.Function) : null,
        viewer.BranchCode(entry.BranchId), entry.RaisedAt, entry.Message, entry.State, entry.Owner, entry.Reason, entry.ReasonText, entry.Version,
        entry.OwnerId, Word(entry.OwnerRole), entry.Count, entry.LastSeenAt, entry.SnoozedUntil, entry.EscalatesAt, Word(entry.EscalateRole), entry.EscalatedAt, entry.EscalateThen);

    private static string? Word(string text) => text.Length == 0 ? null : text;

    public static ActivityItem Of(ActivityEntry entry, Viewer viewer)
    {
        var document = entry.Number is not null && entry.ObjectId is { } id ? new DocumentLink(id, entry.Number, entry.Function) : null;
        return new ActivityItem(entry.Seq.ToString(CultureInfo.InvariantCulture), entry.At, entry.User, entry.Function, entry.Action,
            $"{entry.Action} {entry.Number ?? entry.ObjectKind}", document, entry.BranchId is { } branch ? viewer.BranchCode(branch) : null, entry.Outcome,
            document is null ? null : PageOf(entry.Function, document.Id));
    }

    public static IReadOnlyList<ColumnAnswer> Columns(IReadOnlyList<ReportField> columns) => [.. columns.Select(column => new ColumnAnswer(column.Key, column.Label, column.Type))];

    public static Dictionary<string, object?> Cells(IReadOnlyList<ReportField> columns, object?[] values, int exponent)
    {
        var cells = new Dictionary<string, object?>(columns.Count, StringComparer.Ordinal);
        for (var at = 0; at < columns.Count; at++)
            if (Shown.Of(values[at], columns[at].Type, exponent) is { } value) cells[columns[at].Key] = value;
        return cells;
    }

    public static string Day(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
