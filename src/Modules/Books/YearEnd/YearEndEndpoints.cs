using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Plug1.Http;
using Plug1.Http.MasterData;
using Plug1.Http.Security;
using Plug1.Kernel.Commands;

namespace Plug1.Books.YearEnd;

/// <summary>What the close of a year has beside the endpoints of every function.</summary>
internal static class YearEndEndpoints
{
    private const string Create = "books.year-end.create", View = "books.year-end.view";

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/books/year-end").WithTags("Year-end");
        group.MapCommand<YearEndRequest, YearEndAnswer>("", 201, (call, body, http) => http.RequestServices.GetRequiredService<YearEnds>().Create(call, body, http.RequestAborted))
            .WithName("closeYear").WithSummary("Prepares the close of a year and hands it in; another person approves it.").WithMetadata(new AsksFor(Create));
        group.MapGet("/preview", async (DateOnly? lastDay, RequestActor who, YearEnds years, CommandRunner runner, CancellationToken ct) =>
            !who.May(View) ? CommandRunner.Denied(View).ToHttp() : (await years.Preview(await runner.StampOf(who.Call(), ct), lastDay ?? default, ct)).ToHttp())
            .WithName("previewYearEnd").WithSummary("What closing the year that ends on a day would book, and whether it may be closed.").WithMetadata(new AsksFor(View)).Produces<YearEndPreview>().Refuses(400, 401, 403, 409, 422);
    }
}
