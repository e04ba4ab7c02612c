using System.Text.Json;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Functions;

/// <summary>A document with all that its page shows.</summary>
/// <param name="Header">Header.</param>
/// <param name="View">What the function tells of it.</param>
/// <param name="Party">Name of whom it concerns.</param>
/// <param name="Users">Names of the people it names, by id.</param>
/// <param name="Actions">Lifecycle verbs that are legal now and granted to the reader.</param>
public sealed record DocumentDetail(Header Header, DetailView View, string? Party, IReadOnlyDictionary<Guid, string> Users, IReadOnlyList<string> Actions);

/// <summary>One step of a document's life.</summary>
/// <param name="At">When.</param>
/// <param name="User">Who.</param>
/// <param name="Action">What.</param>
/// <param name="Reason">Reason code.</param>
/// <param name="Text">Free text beside it.</param>
/// <param name="Changes">What became different.</param>
/// <param name="From">Status before, when it changed.</param>
/// <param name="To">Status after, when it changed.</param>
public sealed record TimelineStep(DateTimeOffset At, string User, string Action, string? Reason, string? Text, IReadOnlyList<Change> Changes, string? From, string? To);

/// <summary>A member that differs.</summary>
/// <param name="Path">JSON pointer.</param>
/// <param name="Before">Before; null when there was none.</param>
/// <param name="After">After; null when there is none.</param>
public sealed record Change(string Path, JsonElement? Before, JsonElement? After);

/// <summary>A document in the graph of what came from what.</summary>
public sealed record RelatedDocument(Guid Id, string? Number, string Function, string Kind, string Status, long Total, string Currency);

/// <summary>One document came from, pays, returns or mirrors another.</summary>
public sealed record RelatedEdge(Guid From, Guid To, string Relation);

/// <summary>Reads documents for their pages.</summary>
public static class Details
{
    private const int MostRelated = 100;
    private const int Depth = 4;

    /// <summary>A header that the reader may see.</summary>
    /// <returns>Refused with <c>PERMISSION_DENIED</c>, or <c>NOT_FOUND</c>, also at branches that the reader does not see.</returns>
    public static async Task<Result<Header>> Header(Db db, Function function, Guid id, Viewer viewer, CancellationToken ct = default)
    {
        if (!viewer.Sees(function)) return Commands.CommandRunner.Denied($"{function.Code}.view");
        var header = await db.First($"select {Sql.Raw(Headers.Columns)} from document d where d.id = {id}", row => Headers.Read(row), ct);
        return header is not null && header.Function == function.Code && (function.CompanyWide || viewer.Actor.May($"{function.Code}.view", header.BranchId))
            ? header
            : Reporting.Refusals.NotFound("document");
    }

    /// <summary>A document with all that its page shows.</summary>
    /// <returns>Refused as <see cref="Header"/>.</returns>
    public static async Task<Result<DocumentDetail>> Read(Db db, Function function, Guid id, Viewer viewer, CancellationToken ct = default)
    {
        var found = await Header(db, function, id, viewer, ct);
        if (found.IsRefused) return found.Refusal;
        var header = found.Value;
        bool May(string action) => viewer.Actor.May($"{function.Code}.{action}", header.BranchId);
        Guid?[] people = [header.CreatedBy, header.EditedBy, header.SubmittedBy, header.ApprovedBy, header.PostedBy, header.ClosedBy, header.ReversedBy];
        var users = db.Later($"select id, name from app_user where id {Sql.List(people.OfType<Guid>().Distinct())}", row => (Id: row.Guid(0), Name: row.Text(1)));
        var party = db.Later($"select name from party where id = {header.PartyId ?? Guid.Empty}", row => row.Text(0));
        var view = await function.Detail(db, header, May, ct);
        await db.Flush(ct);
        return new DocumentDetail(header, view, party.Value.FirstOrDefault(), users.Value.ToDictionary(user => user.Id, user => user.Name),
            [.. Lifecycle.VerbsFrom(header.Status, function.Kinds.Any(kind => kind.Code == header.Kind && kind.Revisable)).Where(verb => May(LifecycleDesk.PermissionOf(verb)))]);
    }

    /// <summary>The steps of an object's life, oldest first.</summary>
    public static async Task<IReadOnlyList<TimelineStep>> Timeline(Db db, Guid id, CancellationToken ct = default) => await db.Query($"""
        select e.at, coalesce(u.name, e.user_name), e.action, e.reason, e.reason_text, e.diff from audit_event e left join app_user u on u.id = e.user_id
        where e.object_id = {id} and e.outcome = 'done' order by e.seq limit 500
        """, row =>
        {
            var changes = Changes(row.TextOrNull(5));
            var status = changes.FirstOrDefault(change => change.Path == "/status");
            return new TimelineStep(row.Instant(0), row.Text(1), row.Text(2), row.TextOrNull(3), row.TextOrNull(4), changes, Text(status?.Before), Text(status?.After));
        }, ct);

    /// <summary>Documents that a document came from, or that came from it, and theirs, as far as the reader may see them.</summary>
    public static async Task<(IReadOnlyList<RelatedDocument> Nodes, IReadOnlyList<RelatedEdge> Edges)> Related(
        Db db, FunctionCatalogue catalogue, Header header, Viewer viewer, CancellationToken ct = default)
    {
        var seen = new HashSet<Guid> { header.Id };
        var nodes = new List<RelatedDocument> { NodeOf(header) };
        var edges = new HashSet<RelatedEdge>();
        var front = new List<Guid> { header.Id };
        for (var step = 0; step < Depth && front.Count > 0 && nodes.Count < MostRelated; step++)
        {
            var ids = Sql.List(front);
            var found = await db.Query($"""
                select from_id, to_id, relation from document_relation where from_id {ids}
                union select from_id, to_id, relation from document_relation where to_id {ids}
                union select id, source_document_id, 'made-from' from document where id {ids} and source_document_id is not null and reversal_of is null
                union select id, source_document_id, 'made-from' from document where source_document_id {ids} and reversal_of is null
                union select id, reversal_of, 'reverses' from document where id {ids} and reversal_of is not null
                union select id, reversal_of, 'reverses' from document where source_document_id {ids} and reversal_of is not null
                """, row => new RelatedEdge(row.Guid(0), row.Guid(1), row.Text(2)), ct);
            edges.UnionWith(found);
            var fresh = found.SelectMany(edge => new[] { edge.From, edge.To }).Where(seen.Add).Take(MostRelated - nodes.Count).ToList();
            var headers = fresh.Count == 0 ? [] : await db.Query(
                $"select {Sql.Raw(Headers.Columns)} from document d where d.id {Sql.List(fresh)}", row => Headers.Read(row), ct);
            var visible = headers.Where(other => catalogue.Find(other.Function) is not null && viewer.Actor.May($"{other.Function}.view", other.BranchId)).ToList();
            nodes.AddRange(visible.Select(NodeOf));
            front = [.. visible.Select(other => other.Id)];
        }

        var shown = nodes.Select(node => node.Id).ToHashSet();
        return (nodes, [.. edges.Where(edge => shown.Contains(edge.From) && shown.Contains(edge.To))]);
    }

    /// <summary>Reads the differences that the audit trail keeps: a list of changes, or the members of a new object.</summary>
    public static IReadOnlyList<Change> Changes(string? diff)
    {
        if (string.IsNullOrEmpty(diff)) return [];
        using var parsed = JsonDocument.Parse(diff);
        return parsed.RootElement.ValueKind switch
        {
            JsonValueKind.Array => [.. parsed.RootElement.EnumerateArray().Select(change => new Change(
                change.TryGetProperty("path", out var path) ? path.GetString() ?? "" : "", Member(change, "before"), Member(change, "after")))],
            JsonValueKind.Object => [.. parsed.RootElement.EnumerateObject().Select(member => new Change("/" + member.Name, null, member.Value.Clone()))],
            _ => [],
        };
    }

    private static JsonElement? Member(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.Clone() : null;

    private static string? Text(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static RelatedDocument NodeOf(Header header) =>
        new(header.Id, header.Number, header.Function, header.Kind, header.Status, header.Total, header.Currency);
}
