using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plug1.Http.Functions;
using Plug1.Http.Security;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Http.Tests.Functions;

/// <summary>Lists and reports as files over HTTP, by somebody who may export at one branch and only look at the other.</summary>
public sealed class ExportTests
{
    private sealed class Errands : Function
    {
        public override string Module => "services";

        public override string Slug => "errands";

        public override string Name => "Errands";

        public override string Summary => "Runs about.";

        public override IReadOnlyList<KindDeclaration> Kinds { get; } = [new("errand", "Errand")];

        public override IReadOnlyList<ActionDeclaration> Actions { get; } = [new("view", "See", []), new("export", "Export", [])];

        public override IReadOnlyList<MeasureDeclaration> Measures { get; } = [new("net", "Net", "money", "amount")];

        public override Task<Document> Load(Tx tx, Header header, CancellationToken ct) => throw new NotSupportedException();

        public override Task<DetailView> Detail(Db db, Header header, Func<string, bool> may, CancellationToken ct) => throw new NotSupportedException();
    }

    private sealed class Town(WebApplication app, TestDatabase test, Guid user) : IAsyncDisposable
    {
        private readonly HttpClient client = new() { BaseAddress = new Uri(app.Urls.Single()) };

        public Guid User => user;

        public async Task<(int Status, string? Type, byte[] Body)> Get(string path)
        {
            using var answer = await client.GetAsync(new Uri($"/api/v1/services/errands{path}", UriKind.Relative));
            return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsByteArrayAsync());
        }

        public async Task<string> Code(string path, int status)
        {
            var answer = await Get(path);
            answer.Status.ShouldBe(status, path);
            return JsonSerializer.Deserialize<JsonElement>(answer.Body).GetProperty("code").GetString()!;
        }

        public async ValueTask DisposeAsync()
        {
            client.Dispose();
            await app.DisposeAsync();
            await test.DisposeAsync();
        }
    }

    private static async Task<Town> Open(Engine engine)
    {
        var test = await TestDatabase.Create(engine);
        var (east, west, kim, shift, soap) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var (clock, day) = (TimeProvider.System, new DateOnly(2026, 3, 31));
        await test.Database.Write(tx =>
        {
            tx.Stage($"insert into company (id, name, currency, exponent, created_at) values (1, 'Shop', 'EUR', 2, {clock.GetUtcNow()})");
            foreach (var (id, code, name) in new[] { (east, "E", "East gate"), (west, "W", "West gate") })
                tx.Stage($"insert into branch (id, code, name, time_zone) values ({id}, {code}, {name}, 'UTC')");
            tx.Stage($"insert into app_user (id, user_name, user_key, name, security_stamp, created_at) values ({kim}, 'kim', 'KIM', 'Kim Müller', 'x', {clock.GetUtcNow()})");
            tx.Stage($"insert into role (code, name) values ('runner', 'Runner')");
            tx.Stage($"insert into user_role (user_id, role) values ({kim}, 'runner')");
            tx.Stage($"insert into category (id, code, name) values ({soap}, 'SOAP', 'Soap and co.')");
            tx.Stage($"insert into work_session (id, kind, branch_id, number, user_id, state, opened_at) values ({shift}, 'shift', {east}, 'E-S-000042', {kim}, 'open', {new DateTimeOffset(2026, 3, 31, 8, 0, 0, TimeSpan.Zero)})");
            var stamp = new Stamp(new Actor(kim, "kim", "Kim Müller", []), east, clock.GetUtcNow(), day, 9);
            for (var at = 1; at <= 3; at++)
            {
                var header = Header.Draft(Guid.CreateVersion7(), "services.errands", "errand", stamp with { BranchId = at == 3 ? west : east }, "EUR");
                (header.Number, header.Total, header.Status, header.SessionId) = ($"R-{at:000}", at * 1_000, Status.Posted, at == 3 ? null : shift);
                Headers.Insert(tx, header);
                Facts.Stage(tx, stamp, new Fact { Document = header, Event = Status.Posted, Amount = at * 1_000 });
            }

            return Task.CompletedTask;
        });

        var actor = new Actor(kim, "kim", "Kim Müller", [new Grant("looker", null, FrozenSet.Create("services.errands.view")), new Grant("runner", east, FrozenSet.Create("services.errands.export"))]);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(test.Database).AddSingleton(clock).AddSingleton<OrganisationBook>();
        builder.Services.AddSingleton(new FunctionCatalogue([new Errands()]));
        builder.Services.ConfigureHttpJsonOptions(options => Plug1Json.Configure(options.SerializerOptions));
        builder.Services.AddSingleton<Reading>().AddSingleton<CatalogueBook>().AddSingleton<Choices>().AddSingleton<Plug1.Kernel.Reporting.Files.ReportFiles>();
        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.Features.Set(new RequestActor(actor, null, null, new Branch(east, "E", "East gate", "UTC", "", true), null, null, "en"));
            return next(context);
        });
        app.MapGroup("/api/v1").MapFunctionReads(app.Services.GetRequiredService<FunctionCatalogue>());
        await app.StartAsync();
        return new Town(app, test, kim);
    }

    [Theory, OnBothEngines]
    public async Task A_list_comes_as_a_file_of_the_filtered_rows_and_chosen_columns(Engine engine)
    {
        await using var town = await Open(engine);
        var csv = await town.Get("?branch=E&sort=number&fields=number,businessDate,branch,createdBy,session,total&format=csv");
        (csv.Status, csv.Type).ShouldBe((200, "text/csv"));
        Encoding.UTF8.GetString(csv.Body).ShouldBe(
            "\uFEFFNumber,Date,Branch,Made by,Shift,Total (EUR)\r\nR-001,2026-03-31,East gate,Kim Müller,E-S-000042,10.00\r\nR-002,2026-03-31,East gate,Kim Müller,E-S-000042,20.00\r\n");
        Encoding.ASCII.GetString((await town.Get("?branch=E&format=xlsx")).Body, 0, 2).ShouldBe("PK");
        Encoding.ASCII.GetString((await town.Get($"?branch=E&createdBy={town.User}&format=pdf")).Body, 0, 5).ShouldBe("%PDF-");
        (await town.Code("?branch=E&format=doc", 422)).ShouldBe("PARAMETER_INVALID");
        (await town.Code("?branch=E&fields=moon&format=csv", 422)).ShouldBe("FIELD_UNKNOWN");
    }

    [Theory, OnBothEngines]
    public async Task Export_is_asked_for_at_each_branch_whose_rows_a_file_has(Engine engine)
    {
        await using var town = await Open(engine);
        (await town.Get("?total=true")).Status.ShouldBe(200);
        (await town.Get("/reports/daily?from=2026-03-31&to=2026-03-31")).Status.ShouldBe(200);
        foreach (var path in new[] { "?", "/reports/daily?from=2026-03-31&to=2026-03-31&" })
        {
            (await town.Code($"{path}&format=csv", 403)).ShouldBe("PERMISSION_DENIED");
            (await town.Code($"{path}&branch=W&format=csv", 403)).ShouldBe("PERMISSION_DENIED");
            (await town.Code($"{path}&branch=E,W&format=pdf", 403)).ShouldBe("PERMISSION_DENIED");
            (await town.Get($"{path}&branch=E&format=csv")).Status.ShouldBe(200);
        }

        Encoding.UTF8.GetString((await town.Get("/reports/daily?from=2026-03-31&to=2026-03-31&branch=E&format=csv")).Body).ShouldContain("2026-03-31,30.00");
    }

    [Theory, OnBothEngines]
    public async Task Filters_are_chosen_by_name_and_told_by_name(Engine engine)
    {
        await using var town = await Open(engine);
        async Task<IEnumerable<string>> Labels(string path)
        {
            var answer = await town.Get($"/choices/{path}");
            answer.Status.ShouldBe(200, Encoding.UTF8.GetString(answer.Body));
            return JsonSerializer.Deserialize<JsonElement>(answer.Body).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("label").GetString()!);
        }

        (await Labels("user?q=muller")).ShouldBe(["Kim Müller"]);
        (await Labels("user?q=nobody")).ShouldBeEmpty();
        (await Labels($"user?value={town.User}")).ShouldBe(["Kim Müller"]);
        (await Labels("shift?q=0004")).ShouldBe(["E-S-000042"]);
        (await Labels("shift?q=E_S")).ShouldBeEmpty();
        (await Labels("category?q=soap")).ShouldBe(["Soap and co."]);
        (await Labels("item?q=x")).ShouldBeEmpty();
        (await Labels("party?q=x")).ShouldBeEmpty();
        (await Labels("terminal")).ShouldBeEmpty();
        (await Labels("party?value=none")).ShouldBe(["None"]);
        (await town.Code("/choices/moon", 404)).ShouldBe("CHOICES_UNKNOWN");
    }
}
