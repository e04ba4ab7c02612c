using Plug1.Kernel.Storage;

namespace Plug1.Kernel.Reporting.Views;

/// <summary>A page that somebody was on.</summary>
/// <param name="Page">The page with its query.</param>
/// <param name="Title">What it was called.</param>
/// <param name="VisitedAt">When last.</param>
public sealed record RecentPage(string Page, string Title, DateTimeOffset VisitedAt);

/// <summary>The last pages of each user, so that they find back on any device. No record of business: it is neither audited nor kept for long.</summary>
public static class RecentPages
{
    /// <summary>How many are kept of each user.</summary>
    public const int Kept = 20;

    private const int LongestPage = 500, LongestTitle = 200;

    /// <summary>The last pages, the latest first.</summary>
    public static Task<List<RecentPage>> Of(Db db, Guid user, CancellationToken ct = default) => db.Query(
        $"select page, title, visited_at from recent_page where user_id = {user} order by visited_at desc, page limit {Kept}", row => new RecentPage(row.Text(0), row.Text(1), row.Instant(2)), ct);

    /// <summary>Notes a visit and forgets what is beyond <see cref="Kept"/>.</summary>
    /// <returns>Refused with <c>RECENT_INVALID</c> for what is no page of the application.</returns>
    public static Result Visit(Tx tx, Guid user, string page, string title, DateTimeOffset now)
    {
        if (page.Length is 0 or > LongestPage || page[0] != '/' || page.StartsWith("//", StringComparison.Ordinal) || page.Any(char.IsControl))
            return new Refusal("RECENT_INVALID", $"A page begins with a slash and has at most {LongestPage} characters.", "/page");
        if (title.Trim() is not { Length: >= 1 and <= LongestTitle } || title.Any(char.IsControl))
            return new Refusal("RECENT_INVALID", $"A title has 1 to {LongestTitle} characters.", "/title");
        tx.Stage($"""
            insert into recent_page (user_id, page, title, visited_at) values ({user}, {page}, {title.Trim()}, {Dialect.Micro(now)})
            on conflict (user_id, page) do update set title = excluded.title, visited_at = excluded.visited_at
            """);
        tx.Stage($"""
            delete from recent_page where user_id = {user} and page in (select page from recent_page where user_id = {user} order by visited_at desc, page limit 1000 offset {Kept})
            """);
        return Result.Done;
    }
}
