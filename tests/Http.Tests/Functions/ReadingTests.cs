using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Plug1.Http.Functions;
using Plug1.Http.Operations;
using Plug1.Http.Security;
using Plug1.Kernel.Audit;
using Plug1.Kernel.Audit.Seals;
using Plug1.Kernel.Catalog;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Exceptions;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Jobs;
using Plug1.Kernel.Organisation;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Security;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Http.Tests.Functions;

public sealed class ReadingTests
{
    private sealed class Repairs : Function
    {
        public override string Module => "services";

        public override string Slug => "repairs";

        public override string Name => "Repairs";

        public override string Summary => "Mends things.";

        public override IReadOnlyList<KindDeclaration> Kinds { get; } = [new("repair", "Repair")];

        public override IReadOnlyList<ActionDeclaration> Actions { get; } = [new("view", "See", []), new("reverse", "Reverse", [])];

        public override IReadOnlyList<MeasureDeclaration> Measures { get; } = [new("net", "Net", "money", "amount"), new("share", "Share", "rate", "cost", "amount")];

        public override IReadOnlyList<ExceptionDeclaration> Exceptions { get; } = [new("LATE", "Too late", "high")];

        public override Task<Document> Load(Tx tx, Header header, CancellationToken ct) => throw new NotSupportedException();

        public override Task<DetailView> Detail(Db db, Header header, Func<string, bool> may, CancellationToken ct) => Task.FromResult(
            new DetailView([new DetailSection("Money", [new DetailField("Total", header.Total, "money")])], [new DetailTable("lines", "Lines", [new ReportField("rate", "Rate", "rate")], [[75_000L]])]));
    }

    private static async Task<(WebApplication App, TestDatabase Test, Guid Document, Guid Exception)> Start(Engine engine)
    {
        var test = await TestDatabase.Create(engine);
        var (branch, late) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var clock = TimeProvider.System;
        var actor = new Actor(Actor.SystemId, "system", "System", []);
        var stamp = new Stamp(actor, branch, clock.GetUtcNow(), new DateOnly(2026, 3, 31), 9);
        var header = Header.Draft(Guid.CreateVersion7(), "services.repairs", "repair", stamp, "EUR");
        header.Number = "R-000001";
        header.Total = 1_234_50;
        header.Status = Status.Posted;
        await test.Database.Write(tx =>
        {
            tx.Stage($"insert into company (id, name, currency, exponent, created_at) values (1, 'Shop', 'EUR', 2, {clock.GetUtcNow()})");
            tx.Stage($"insert into branch (id, code, name, time_zone) values ({branch}, 'HQ', 'Headquarters', 'UTC')");
            Headers.Insert(tx, header);
            Facts.Stage(tx, stamp, new Fact { Document = header, Event = Status.Posted, Amount = 1_234_50, Cost = 100_00 });
            AuditTrail.Stage(tx, new AuditEvent(stamp, "services.repairs", "post", "repair", header.Id, Before: """{"status":"approved"}""", After: """{"status":"posted"}"""), clock);
            tx.Stage($"""
                insert into exception_item (id, rule, function, severity, branch_id, document_id, message, raised_at, last_seen_at, business_date, hour, state)
                values ({late}, 'LATE', 'services.repairs', 'high', {branch}, {header.Id}, 'Two days late', {clock.GetUtcNow()}, {clock.GetUtcNow()}, {new DateOnly(2026, 3, 31)}, 9, 'open')
                """);
            tx.Stage($"insert into reason (function, action, code, label) values ('services.repairs', 'exception', 'MENDED', 'Mended')");
            return Task.CompletedTask;
        });

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(test.Database).AddSingleton(clock).AddSingleton<OrganisationBook>();
        builder.Services.AddSingleton(new FunctionCatalogue([new Repairs()]));
        builder.Services.AddSingleton(services => new CommandRunner(test.Database, services.GetRequiredService<OrganisationBook>(), clock, Plug1Json.Options));
        builder.Services.ConfigureHttpJsonOptions(options => Plug1Json.Configure(options.SerializerOptions));
        builder.Services.AddSingleton<Reading>().AddSingleton<CatalogueBook>().AddSingleton<Choices>().AddSingleton<Plug1.Kernel.Reporting.Files.ReportFiles>();
        builder.Services.AddSingleton<AuditSeals>().AddSingleton(all => all.GetRequiredService<AuditSeals>().EveryMinute).AddSingleton<JobJournal>().AddSingleton<JobHost>();
        builder.Services.AddSingleton<ConfigStamps>().AddSingleton<Delegations>().AddSingleton<Actors>().AddExceptions();
        builder.Services.AddSingleton<FunctionSwitches>().AddSingleton<Plug1.Kernel.Attachments.AttachmentBook>();
        builder.Services.AddSingleton(WorkOptions.Usual).AddSingleton<WorkDesk>().AddSingleton<Plug1.Kernel.Imports.ImportKinds>().AddSingleton<Plug1.Kernel.Imports.ImportDesk>();
        var app = builder.Build();
        app.Use((context, next) =>
        {
            context.Features.Set(new RequestActor(actor, null, null, new Branch(branch, "HQ", "Headquarters", "UTC", "", true), null, null, "en"));
            return next(context);
        });
        var api = app.MapGroup("/api/v1");
        api.MapFunctionReads(app.Services.GetRequiredService<FunctionCatalogue>());
        api.MapOperations();
        await app.StartAsync();
        return (app, test, header.Id, late);
    }

    [Theory, OnBothEngines]
    public async Task Every_reading_endpoint_answers_in_the_words_of_the_contract(Engine engine)
    {
        var (app, test, id, late) = await Start(engine);
        await using var ends = test;
        await using var stops = app;
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        async Task<JsonElement> Get(string path, int status = 200) => await Read(client, path, status);

        const string F = "/services/repairs", March = "from=2026-03-01&to=2026-03-31";
        var row = (await Get($"{F}?total=true&status=posted")).GetProperty("items")[0];
        (row.GetProperty("number").GetString(), row.GetProperty("total").GetString(), row.GetProperty("branch").GetString()).ShouldBe(("R-000001", "1234.50", "Headquarters"));
        (await Get($"{F}?moon=full", 422)).GetProperty("errors")[0].GetProperty("pointer").GetString().ShouldBe("/moon");
        var detail = await Get($"{F}/{id}");
        (detail.GetProperty("total").GetString(), detail.GetProperty("actions")[0].GetString(), detail.GetProperty("tables")[0].GetProperty("rows")[0].GetProperty("rate").GetString())
            .ShouldBe(("1234.50", "close", "0.075"));
        (await Get($"{F}/{Guid.CreateVersion7()}", 404)).GetProperty("code").GetString().ShouldBe("NOT_FOUND");
        var step = (await Get($"{F}/{id}/timeline")).GetProperty("items")[0];
        (step.GetProperty("from").GetString(), step.GetProperty("to").GetString()).ShouldBe(("approved", "posted"));
        (await Get($"{F}/{id}/entries")).GetProperty("transactions").GetArrayLength().ShouldBe(0);
        (await Get($"{F}/{id}/related")).GetProperty("nodes").GetArrayLength().ShouldBe(1);
        (await Get($"{F}/reports")).GetProperty("items").GetArrayLength().ShouldBe(14);
        var totals = (await Get($"{F}/reports/daily?{March}&compare=year")).GetProperty("totals");
        (totals.GetProperty("net").GetString(), totals.GetProperty("share").GetString()).ShouldBe(("1234.50", "0.081004"));
        (await Get($"{F}/dashboard?{March}")).GetProperty("kpis")[0].GetProperty("value").GetString().ShouldBe("1234.50");
        foreach (var format in new[] { "csv", "xlsx", "pdf" })
            (await client.GetByteArrayAsync(new Uri($"/api/v1{F}/reports/monthly?{March}&format={format}", UriKind.Relative))).Length.ShouldBeGreaterThan(50);
        await Get($"{F}/reports/monthly?format=doc", 422);
        (await Get($"{F}/analytics/trend?{March}")).GetProperty("points").GetArrayLength().ShouldBe(31);
        (await Get($"{F}/analytics/variance?{March}")).GetProperty("cards").GetArrayLength().ShouldBe(2);
        (await Get($"{F}/analytics/heatmap?{March}")).GetProperty("cells").GetArrayLength().ShouldBe(7);
        (await Get($"{F}/analytics/heatmap?rows=branch&columns=rule&{March}")).GetProperty("cells")[0][0].GetInt64().ShouldBe(1);
        (await Get($"{F}/analytics/forecast?to=2026-04-10&horizon=3")).GetProperty("points").GetArrayLength().ShouldBe(3);
        (await Get("/meta")).GetProperty("modules")[0].GetProperty("functions")[0].GetProperty("code").GetString().ShouldBe("services.repairs");
        (await Get($"/operations/dashboard/summary?{March}")).GetProperty("exceptions").GetProperty("high").GetInt64().ShouldBe(1);
        await Get("/operations/dashboard/alerts");
        (await Get($"/operations/dashboard/trends?{March}")).GetProperty("series").GetArrayLength().ShouldBe(2);
        await Get("/modules/services/dashboard");
        await Get("/modules/moon/dashboard", 404);
        (await Get("/activity")).GetProperty("items")[0].GetProperty("document").GetProperty("number").GetString().ShouldBe("R-000001");
        (await Get("/search?q=r-00")).GetProperty("items")[0].GetProperty("page").GetString().ShouldBe($"/services/repairs/{id}");
        (await Get("/exceptions")).GetProperty("items").GetArrayLength().ShouldBe(1);
        await Get("/targets");
        foreach (var ledger in new[] { "accounts", "trial-balance?at=2026-03-31" }) await Get($"/ledger/{ledger}");
        await Get("/ledger/accounts/9/entries", 404);

        async Task<(int, JsonElement)> Post(string path, string body) => await Send(client, path, body);

        (await Post($"/exceptions/{late}/acknowledge", "")).Item2.GetProperty("state").GetString().ShouldBe("acknowledged");
        (await Post($"/exceptions/{late}/resolve", "{}")).Item2.GetProperty("code").GetString().ShouldBe("REASON_REQUIRED");
        (await Post($"/exceptions/{late}/resolve", """{"reason":"MENDED"}""")).Item1.ShouldBe(200);
        (await Post($"/exceptions/{late}/resolve", """{"reason":"MENDED"}""")).Item1.ShouldBe(409);
        var (status, target) = await Post("/targets", """{"function":"services.repairs","measure":"net","from":"2026-03-01","to":"2026-03-31","amount":"2000.00"}""");
        (status, target.GetProperty("amount").GetString()).ShouldBe((200, "2000.00"));
        (await Get($"{F}/analytics/variance?{March}")).GetProperty("cards")[0].GetProperty("varianceToTarget").GetString().ShouldBe("-765.50");
    }

    [Theory, OnBothEngines]
    public async Task Seals_proofs_and_jobs_answer_in_the_words_of_the_contract(Engine engine)
    {
        var (app, test, id, _) = await Start(engine);
        await using var ends = test;
        await using var stops = app;
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        async Task<JsonElement> Get(string path, int status = 200) => await Read(client, path, status);
        async Task<(int, JsonElement)> Post(string path, string body) => await Send(client, path, body);

        var told = (await Get($"/audit?object={id}")).GetProperty("items")[0].GetProperty("id").GetGuid();
        (await Get($"/audit/{told}/proof", 409)).GetProperty("code").GetString().ShouldBe("AUDIT_NOT_SEALED");
        await Get($"/audit/{id}/proof", 404);
        await Get($"/ledger/transactions/{id}/proof", 404);
        var seals = new AuditSeals(test.Database, TimeProvider.System);
        // On PostgreSQL a transaction that runs in any database of the server holds the horizon back.
        while ((await Get("/audit/seals")).GetProperty("waitingEvents").GetInt64() > 0)
            if (await seals.CatchUp() == 0) await Task.Delay(10);
        (await Get("/audit/blocks")).GetProperty("items").GetArrayLength().ShouldBe(1);
        var proof = (await Get($"/audit/{told}/proof")).Deserialize<SealProof>(Plug1Json.Options)!;
        SealProofs.Flaw(proof, null).ShouldBeNull();
        SealProofs.FieldsOf(proof).ShouldContain(told.ToString("D"));

        (await Get("/operations/jobs")).GetProperty("items").EnumerateArray().Select(job => job.GetProperty("code").GetString()).ShouldBe(["seal-audit"]);
        (await Get("/operations/jobs/runs?limit=1&job=seal-audit&failed=true")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await Get("/operations/jobs/runs?after=yesterday", 422)).GetProperty("code").GetString().ShouldBe("CURSOR_INVALID");
        await Get("/operations/jobs/runs?limit=0", 422);
        (await Post("/operations/jobs/seal-audit/run", "")).Item1.ShouldBe(202);
        (await Get("/audit")).GetProperty("items")[0].GetProperty("action").GetString().ShouldBe("run");
        (await Post("/operations/jobs/nothing/run", "")).Item1.ShouldBe(404);
    }

    private static async Task<JsonElement> Read(HttpClient client, string path, int status)
    {
        using var answer = await client.GetAsync(new Uri($"/api/v1{path}", UriKind.Relative));
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, $"{path}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static async Task<(int Status, JsonElement Body)> Send(HttpClient client, string path, string body)
    {
        using var answer = await client.PostAsync(new Uri($"/api/v1{path}", UriKind.Relative), new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        return ((int)answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()));
    }
}
