using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plug1.Http.Functions;
using Plug1.Http.Security;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;

namespace Plug1.Http.Operations;

/// <summary>The description of the functions, from which pages are drawn.</summary>
public static class MetaEndpoints
{
    /// <summary>Code and name of the modules, in the order in which they are shown.</summary>
    public static readonly IReadOnlyList<(string Code, string Name)> Modules =
    [
        ("sales", "Sales & Revenue Operations"), ("customers", "Customer Operations"), ("finance", "Finance & Membership Organizations"),
        ("manufacturing", "Manufacturing & Production"), ("services", "Professional Services"), ("books", "Books"), ("kernel", "Stock"),
    ];

    /// <summary>Maps <c>GET /meta</c>.</summary>
    public static void MapMeta(this RouteGroupBuilder api) => api.MapGet("/meta", async (RequestActor who, Reading reading, CancellationToken ct) =>
    {
        var viewer = await reading.Viewer(who, ct);
        var reasons = await reading.Read(db => db.Query($"select function, action, code, label from reason where active order by function, action, label",
            row => (Function: row.Text(0), Action: row.Text(1), Code: row.Text(2), Label: row.Text(3)), ct), ct);
        var seen = reading.Catalogue.All.Where(viewer.Sees).ToList();
        var codes = Modules.Select(module => module.Code).Concat(seen.Select(function => function.Module)).Distinct(StringComparer.Ordinal);
        return Results.Ok(new MetaAnswer([.. codes
            .Select(code => new MetaModule(code, Modules.FirstOrDefault(module => module.Code == code).Name ?? code,
                [.. seen.Where(function => function.Module == code).Select(function => Tell(function, viewer, reasons.Where(reason => reason.Function == function.Code)
                    .GroupBy(reason => reason.Action, StringComparer.Ordinal)
                    .ToDictionary(group => group.Key, group => (IReadOnlyList<MetaLabel>)[.. group.Select(reason => new MetaLabel(reason.Code, reason.Label))], StringComparer.Ordinal)))]))
            .Where(module => module.Functions.Count > 0)]));
    }).WithTags("Description").WithName("meta").WithSummary("The functions that may be seen: columns, measures, reports, lifecycle, reasons.").Produces<MetaAnswer>().Refuses(401, 403);

    private static MetaFunction Tell(Function function, Viewer viewer, IReadOnlyDictionary<string, IReadOnlyList<MetaLabel>> reasons)
    {
        var scope = viewer.Scope($"{function.Code}.view").Value;
        bool May(string action) => viewer.MayAtAll($"{function.Code}.{action}", scope);
        bool MayAnywhere(string action) => viewer.Actor.MayAnywhere($"{function.Code}.{action}");
        var verbs = function.Actions.Select(action => action.Action).ToHashSet(StringComparer.Ordinal);
        return new MetaFunction(
            function.Code, function.Module, function.Slug, function.Name, function.Summary, $"/api/v1/{function.Module}/{function.Slug}",
            [.. function.Actions.Select(action => action.Action).Where(MayAnywhere)], [.. function.Kinds.Select(kind => new MetaName(kind.Code, kind.Name))],
            [.. ListColumns.Of(function, May).Select(column => new MetaColumn(column.Key, column.Label, column.Type, column.Filterable, column.Sortable, column.Options, column.Shown, column.Choices))],
            [.. Dimension.Of(function).Select(dimension => new MetaKey(dimension.Key, dimension.Label, dimension.Choices))],
            [.. function.Measures.Where(measure => ReportSet.Shows(measure, May)).Select(measure => new MetaMeasure(measure.Key, measure.Label, measure.Type, measure.Better))],
            [.. ReportSet.Of(function, May).Select(report => new MetaReport(report.Code, report.Name, report.Named))],
            [.. function.QuickActions.Where(action => MayAnywhere(action.Action))
                .Select(action => new QuickActionItem(action.Code, action.Label, action.Page, $"{function.Code}.{action.Action}"))],
            Status.All.ToDictionary(status => status, status => (IReadOnlyList<string>)[.. Lifecycle.VerbsFrom(status, function.Kinds.Any(kind => kind.Revisable)).Where(verb => verbs.Contains(LifecycleDesk.PermissionOf(verb)))], StringComparer.Ordinal),
            reasons, [.. function.Exceptions.Select(rule => new MetaLabel(rule.Code, rule.Name))]);
    }
}
