using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http;
using Plug1.Http.Functions;
using Plug1.Http.MasterData;
using Plug1.Http.Security;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Storage;

namespace Plug1.Books.Journals;

/// <summary>What journals have beside the endpoints of every function.</summary>
internal static class JournalEndpoints
{
    private const string Create = "books.journals.create";

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/books/journals").WithTags("Journals");
        group.MapCommand<JournalRequest, JournalAnswer>("", 201, (call, body, http) => Of<JournalDesk>(http).Create(call, body, http.RequestAborted))
            .WithName("enterJournal").WithSummary("Enters a draft: a journal, opening balances or a recurring journal.").WithMetadata(new AsksFor(Create));
        group.MapCommand<JournalRequest, JournalAnswer>("/{id:guid}/edit", 200, async (call, body, http) =>
        {
            var version = IfMatch.Of(http);
            return version.IsRefused ? version.Refusal : await Of<JournalDesk>(http).Edit(call, LifecycleEndpoints.IdOf(http), version.Value, body, http.RequestAborted);
        }).WithName("changeJournal").WithSummary("Changes a draft as a whole; one that was rejected becomes a draft again.").WithMetadata(new AsksFor(Create));
        group.MapGet("/accounts", async (RequestActor who, Database database, JournalFunction function, CancellationToken ct) =>
        {
            if (!who.Actor.MayAnywhere(Create)) return CommandRunner.Denied(Create).ToHttp();
            var accounts = await database.Read(async db =>
            {
                var asked = function.Book.Ask(db);
                await db.Flush(ct);
                return function.Book.Read(asked);
            }, ct);
            return Results.Ok(new JournalAccountsAnswer([.. accounts.Values.Where(account => account is { Active: true, ByHand: true }).OrderBy(account => account.Code, StringComparer.Ordinal)
                .Select(account => new JournalAccountItem(account.Code, account.Name, account.Kind, account.Subject))]));
        }).WithName("journalAccounts").WithSummary("The accounts that journals may name.").WithMetadata(new AsksFor(Create)).Produces<JournalAccountsAnswer>().Refuses(401, 403);
    }

    private static T Of<T>(HttpContext http)
        where T : notnull => http.RequestServices.GetRequiredService<T>();
}
