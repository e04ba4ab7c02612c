using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Plug1.Http.Functions;
using Plug1.Http.Security;
using Plug1.Kernel;
using Plug1.Kernel.Notices;
using Plug1.Kernel.Storage;

namespace Plug1.Http.Operations;

/// <summary>A page of one's notices, and how many of all are new.</summary>
public sealed record NoticesAnswer(IReadOnlyList<ReceivedNotice> Items, string? Next, long Unread);

/// <summary>Which notices were read.</summary>
/// <param name="Ids">Those, 200 at most; all that are new when it is left out.</param>
public sealed record ReadNoticesRequest(IReadOnlyList<Guid>? Ids = null);

/// <summary>How many are new now.</summary>
public sealed record ReadNoticesAnswer(long Unread);

/// <summary>What somebody was told.</summary>
internal static class NoticeEndpoints
{
    private const int MostRows = 200;

    public static void MapNotices(this RouteGroupBuilder api)
    {
        var notices = api.MapGroup("/notices").WithTags("Notices");
        notices.MapGet("", (RequestActor who, Reading reading, CancellationToken ct, bool unread = false, string? after = null, int limit = 50) => reading.For(who, ct).Answer(async (db, _) =>
        {
            if (limit is < 1 or > MostRows) return Kernel.Reporting.Refusals.LimitInvalid(MostRows);
            Guid? last = null;
            if (!string.IsNullOrEmpty(after))
            {
                if (!Guid.TryParse(after, out var id)) return Kernel.Reporting.Refusals.CursorInvalid();
                last = id;
            }

            var found = await NoticeBook.Page(db, who.Actor.UserId, unread, last, limit + 1, ct);
            var page = found.Take(limit).ToList();
            return (Result<NoticesAnswer>)new NoticesAnswer(page, found.Count > limit ? page[^1].Id.ToString("D") : null, await NoticeBook.Unread(db, who.Actor.UserId, ct));
        })).WithName("notices").WithSummary("What one was told, the latest first.").Produces<NoticesAnswer>().Refuses(400, 401, 422);

        // Nothing of the business changes and once more does no harm, so it needs neither record nor key.
        notices.MapPost("/read", async (ReadNoticesRequest body, RequestActor who, Database database, TimeProvider clock, CancellationToken ct) =>
        {
            if (body.Ids is { Count: 0 or > MostRows }) return Kernel.Reporting.Refusals.ItemsCount(MostRows, "notices", "/ids").ToHttp();
            await database.Write(tx =>
            {
                NoticeBook.Read(tx, who.Actor.UserId, body.Ids ?? [], Dialect.Micro(clock.GetUtcNow()));
                return Task.CompletedTask;
            }, ct);
            return Results.Ok(new ReadNoticesAnswer(await database.Read(db => NoticeBook.Unread(db, who.Actor.UserId, ct), ct)));
        }).WithName("readNotices").WithSummary("Marks notices as read.").Produces<ReadNoticesAnswer>().Refuses(400, 401, 422);
    }
}
