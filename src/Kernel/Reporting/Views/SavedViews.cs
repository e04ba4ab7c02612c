using System.Text.Json;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Reporting.Views;

/// <summary>A list, a report or an analysis as somebody has set it, under a name.</summary>
/// <param name="Id">Identity.</param>
/// <param name="Name">Name.</param>
/// <param name="Function">Whose page it is; empty for a list across functions.</param>
/// <param name="Page">The page, such as <c>/sales/point-of-sale/list</c>.</param>
/// <param name="Query">The query of its address, without the question mark.</param>
/// <param name="Role">The role that it is shared with, or null.</param>
/// <param name="OwnerId">Who made it.</param>
/// <param name="Owner">The maker's name.</param>
/// <param name="Mine">Whether the reader made it, and so may change it.</param>
/// <param name="IsDefault">Whether the reader opens the page with it.</param>
/// <param name="Version">Counts the changes.</param>
public sealed record SavedView(Guid Id, string Name, string Function, string Page, string Query, string? Role, Guid OwnerId, string Owner, bool Mine, bool IsDefault, long Version);

/// <summary>A view to be kept.</summary>
/// <param name="Name">1 to 100 characters.</param>
/// <param name="Page">The page.</param>
/// <param name="Query">The query of its address; at most 2,000 characters.</param>
/// <param name="Role">A role to share it with, or null.</param>
public sealed record SavedViewDraft(string Name, string Page, string Query, string? Role = null);

/// <summary>What is to be different; what is left out stays.</summary>
/// <param name="Name">Another name.</param>
/// <param name="Query">Another query.</param>
/// <param name="Role">Another role to share it with; empty for nobody.</param>
public sealed record SavedViewChange(string? Name = null, string? Query = null, string? Role = null);

/// <summary>Views of lists, reports and analytics: of each user, and shared with a role. A view shows nobody more than they may see.</summary>
public static class SavedViews
{
    /// <summary>The most views that one user keeps.</summary>
    public const int MostOfUser = 300;

    private const string Function = "kernel.views";
    private const int LongestName = 100, LongestQuery = 2_000, MostListed = 1_000;

    /// <summary>The views that a reader sees: their own and those shared with a role of theirs, of functions that they see, by name.</summary>
    /// <param name="db">A session for reading.</param>
    /// <param name="catalogue">The functions.</param>
    /// <param name="viewer">Who reads.</param>
    /// <param name="page">Only of this page, or null.</param>
    /// <param name="ct">Cancellation.</param>
    public static async Task<IReadOnlyList<SavedView>> Of(Db db, FunctionCatalogue catalogue, Viewer viewer, string? page, CancellationToken ct = default)
    {
        Sql ofPage = page is null ? Sql.Raw("") : $" and v.page = {page}";
        var seen = await db.Query($"{Columns(viewer.Actor)} where {Visible(viewer.Actor)}{ofPage} order by v.name, v.id limit {MostListed}", row => Read(row, viewer.Actor), ct);
        return [.. seen.Where(view => PageAddress.Find(catalogue, view.Page) is { } known && known.IsSeenBy(viewer))];
    }

    /// <summary>One that the reader sees, or null.</summary>
    public static async Task<SavedView?> Find(Db db, FunctionCatalogue catalogue, Viewer viewer, Guid id, CancellationToken ct = default)
    {
        var found = await db.First($"{Columns(viewer.Actor)} where v.id = {id} and {Visible(viewer.Actor)}", row => Read(row, viewer.Actor), ct);
        return found is not null && PageAddress.Find(catalogue, found.Page) is { } page && page.IsSeenBy(viewer) ? found : null;
    }

    /// <summary>Keeps a view.</summary>
    /// <returns>Refused with <c>VIEW_INVALID</c>, <c>PERMISSION_DENIED</c>, <c>VIEW_EXISTS</c> or <c>VIEW_LIMIT</c>.</returns>
    public static async Task<Result<SavedView>> Save(Tx tx, FunctionCatalogue catalogue, Viewer viewer, SavedViewDraft draft, Stamp stamp, TimeProvider clock, CancellationToken ct = default)
    {
        if (Invalid(draft.Name, draft.Query) is { } wrong) return wrong;
        if (PageAddress.Find(catalogue, draft.Page) is not { } page) return ViewRefusals.PageUnknown(draft.Page);
        if (!page.IsSeenBy(viewer)) return CommandRunner.Denied(page.Permission);
        if (await MayShare(tx, stamp, draft.Role, ct) is { } unshared) return unshared;
        var name = draft.Name.Trim();
        var (mine, same) = await tx.First($"select count(*), coalesce(sum(case when page = {draft.Page} and name = {name} then 1 else 0 end), 0) from saved_view where owner_id = {stamp.Actor.UserId}",
            row => (row.Long(0), row.Long(1)), ct);
        if (same > 0) return ViewRefusals.Exists(name);
        if (mine >= MostOfUser) return ViewRefusals.Limit(MostOfUser);
        var id = Ids.New(clock);
        tx.Stage($"""
            insert into saved_view (id, owner_id, name, function, page, query, role, created_at, updated_at)
            values ({id}, {stamp.Actor.UserId}, {name}, {page.Function?.Code ?? ""}, {draft.Page}, {draft.Query}, {Role(draft.Role)}, {stamp.At}, {stamp.At})
            """);
        Record(tx, stamp, clock, "save", id, null, new { name, draft.Page, draft.Query, role = Role(draft.Role) });
        return (await Find(tx, catalogue, viewer, id, ct))!;
    }

    /// <summary>Changes a view of one's own.</summary>
    /// <returns>Refused with <c>NOT_FOUND</c>, <c>VIEW_INVALID</c>, <c>PERMISSION_DENIED</c>, <c>VIEW_EXISTS</c> or <c>VERSION_CONFLICT</c>.</returns>
    public static async Task<Result<SavedView>> Alter(
        Tx tx, FunctionCatalogue catalogue, Viewer viewer, Guid id, SavedViewChange change, long? version, Stamp stamp, TimeProvider clock, CancellationToken ct = default)
    {
        if (await Locked(tx, catalogue, viewer, id, ct) is not { Mine: true } was) return Refusals.NotFound("view");
        if (version is { } seen && seen != was.Version) return Documents.Headers.Conflict(was.Version);
        var now = was with { Name = (change.Name ?? was.Name).Trim(), Query = change.Query ?? was.Query, Role = change.Role is null ? was.Role : Role(change.Role) };
        if (Invalid(now.Name, now.Query) is { } wrong) return wrong;
        if (now.Role != was.Role && await MayShare(tx, stamp, now.Role, ct) is { } unshared) return unshared;
        if (now.Name != was.Name && await tx.Number($"select count(*) from saved_view where owner_id = {was.OwnerId} and page = {was.Page} and name = {now.Name}", ct) > 0) return ViewRefusals.Exists(now.Name);
        tx.Stage($"update saved_view set name = {now.Name}, query = {now.Query}, role = {now.Role}, updated_at = {stamp.At}, version = version + 1 where id = {id}");
        if (was.Role is not null && now.Role != was.Role) tx.Stage($"delete from view_default where view_id = {id} and user_id <> {was.OwnerId}");
        Record(tx, stamp, clock, "change", id, new { was.Name, was.Query, was.Role }, new { now.Name, now.Query, now.Role });
        return (await Find(tx, catalogue, viewer, id, ct))!;
    }

    /// <summary>Forgets a view of one's own.</summary>
    /// <returns>What it was. Refused with <c>NOT_FOUND</c>.</returns>
    public static async Task<Result<SavedView>> Delete(Tx tx, FunctionCatalogue catalogue, Viewer viewer, Guid id, Stamp stamp, TimeProvider clock, CancellationToken ct = default)
    {
        if (await Locked(tx, catalogue, viewer, id, ct) is not { Mine: true } was) return Refusals.NotFound("view");
        tx.Stage($"delete from view_default where view_id = {id}");
        tx.Stage($"delete from saved_view where id = {id}");
        Record(tx, stamp, clock, "delete", id, new { was.Name, was.Page, was.Query, was.Role }, null);
        return was;
    }

    /// <summary>Opens its page with it from now on, or no longer.</summary>
    /// <returns>Refused with <c>NOT_FOUND</c>.</returns>
    public static async Task<Result<SavedView>> MakeDefault(Tx tx, FunctionCatalogue catalogue, Viewer viewer, Guid id, bool on, Stamp stamp, CancellationToken ct = default)
    {
        if (await Locked(tx, catalogue, viewer, id, ct) is not { } view) return Refusals.NotFound("view");
        tx.Stage(on
            ? (Sql)$"insert into view_default (user_id, page, view_id) values ({stamp.Actor.UserId}, {view.Page}, {id}) on conflict (user_id, page) do update set view_id = excluded.view_id"
            : $"delete from view_default where user_id = {stamp.Actor.UserId} and view_id = {id}");
        return view with { IsDefault = on };
    }

    private static async Task<SavedView?> Locked(Tx tx, FunctionCatalogue catalogue, Viewer viewer, Guid id, CancellationToken ct)
    {
        await tx.Query($"select id from saved_view where id = {id}{Dialect.ForUpdate(tx.Engine)}", row => row.Guid(0), ct);
        return await Find(tx, catalogue, viewer, id, ct);
    }

    private static Refusal? Invalid(string name, string query) =>
        name.Trim() is not { Length: >= 1 and <= LongestName } || name.Any(char.IsControl) ? ViewRefusals.Invalid($"A view's name has 1 to {LongestName} characters.", "/name")
        : query.Length > LongestQuery || query.Any(char.IsControl) || query.StartsWith('?') ? ViewRefusals.Invalid($"A view's query has at most {LongestQuery} characters and begins after the question mark.", "/query")
        : null;

    private static async Task<Refusal?> MayShare(Tx tx, Stamp stamp, string? role, CancellationToken ct)
    {
        if (Role(role) is not { } shared) return null;
        if (!stamp.Actor.May("kernel.views.share", stamp.BranchId)) return CommandRunner.Denied("kernel.views.share");
        return await tx.Number($"select count(*) from role where code = {shared}", ct) == 0 ? ViewRefusals.Invalid($"There is no role '{shared}'.", "/role") : null;
    }

    private static string? Role(string? role) => string.IsNullOrWhiteSpace(role) ? null : role.Trim();

    private static Sql Columns(Actor actor) => $"""
        select v.id, v.name, v.function, v.page, v.query, v.role, v.owner_id, u.name, v.version, case when d.view_id is null then 0 else 1 end
        from saved_view v join app_user u on u.id = v.owner_id left join view_default d on d.view_id = v.id and d.user_id = {actor.UserId}
        """;

    private static Sql Visible(Actor actor)
    {
        var roles = actor.Grants.Select(grant => grant.Role).Distinct(StringComparer.Ordinal).ToList();
        return roles.Count == 0 ? (Sql)$"v.owner_id = {actor.UserId}" : $"(v.owner_id = {actor.UserId} or v.role {Sql.List(roles)})";
    }

    private static SavedView Read(Row row, Actor actor) => new(
        row.Guid(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.TextOrNull(5), row.Guid(6), row.Text(7), row.Guid(6) == actor.UserId, row.Long(9) != 0, row.Long(8));

    private static void Record(Tx tx, Stamp stamp, TimeProvider clock, string action, Guid id, object? before, object? after) => AuditTrail.Stage(tx, new AuditEvent(
        stamp, Function, action, "view", id, Before: before is null ? null : JsonSerializer.Serialize(before), After: after is null ? null : JsonSerializer.Serialize(after)), clock);
}

/// <summary>Why a view says no.</summary>
internal static class ViewRefusals
{
    public static Refusal Invalid(string message, string at) => new("VIEW_INVALID", message, at);

    public static Refusal PageUnknown(string page) => Invalid($"'{(page.Length > 100 ? page[..100] : page)}' is no list, report or analysis.", "/page");

    public static Refusal Exists(string name) => new("VIEW_EXISTS", $"You have a view '{name}' of this page already.", "/name", 409);

    public static Refusal Limit(int most) => new("VIEW_LIMIT", $"You keep {most} views, which is the most. Delete one first.", Status: 409);
}
