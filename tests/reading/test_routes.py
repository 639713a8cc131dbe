"""Routes are read as web frameworks register them, with the scopes they stand in and the roles that guard them."""

from __future__ import annotations

import pytest

from bot.reading.prose.clause import TopicKind
from bot.reading.read import SourceText, read
from tests.reading.shorthand import told, wanted

TOPICS: dict[str, TopicKind] = {"api": "api", "data": "data"}
ROWS: list[tuple[str, str, str]] = [
    (
        "Rails.application.routes.draw do\n  get '/barns/:barn_id/goats', to: 'goats#index'\n"
        "  post '/barns/:barn_id/goats', to: 'goats#create'\nend",
        "O GET /barns/:barn_id/goats; O POST /barns/:barn_id/goats",
        "E",
    ),
    (
        "Our routes, straight from the repo:\n\nnamespace :admin do\n  resources :looms, only: [:index, :create] do\n"
        "    member do\n      post :close\n    end\n    get :search, on: :collection\n  end\nend\n",
        "O GET /admin/looms; O POST /admin/looms; O POST /admin/looms/{loom_id}/close; O GET /admin/looms/search",
        "O DELETE /admin/looms/{id}; O GET /admin/looms/{loom_id}/search; E",
    ),
    (
        "Route::get('/pens', [PenController::class, 'index']);\n"
        "Route::middleware('role:warden,keeper')->group(function () {\n"
        "    Route::delete('/pens/{pen}', [PenController::class, 'destroy']);\n});",
        "O GET /pens; O GET /pens by; O DELETE /pens/{pen} by warden|keeper",
        "E",
    ),
    (
        '```csharp\napp.MapGet("/kites", () => ...);\napp.MapPost("/kites", (Kite k) => ...);\n```',
        "O GET /kites; O POST /kites",
        "E",
    ),
    (
        '[ApiController]\n[Route("boats")]\npublic class BoatsController : ControllerBase\n{\n    [HttpGet]\n'
        '    public IEnumerable<Boat> All() => ...;\n\n    [Authorize(Roles = "harbour,skipper")]\n'
        '    [HttpDelete("{id:int}")]\n    public void Drop(int id) { }\n}',
        "O GET /boats; O DELETE /boats/{id} by harbour|skipper",
        "E",
    ),
    (
        'routing {\n    route("/hens") {\n        get { }\n        post { }\n        delete("/{id}") { }\n    }\n}',
        "O GET /hens; O POST /hens; O DELETE /hens/{id}",
        "O DELETE /{id}; E",
    ),
    (
        'r.GET("/looms", list)\nr.POST("/looms", requireRole("weaver"), add)',
        "O GET /looms by; O POST /looms by weaver",
        "E",
    ),
    (
        'scope "/api", KnotsWeb do\n  resources "/lamps", LampController, except: [:new, :edit, :delete]\nend',
        "O GET /api/lamps; O PATCH /api/lamps/{id}",
        "O DELETE /api/lamps/{id}; E",
    ),
    (
        'let app = Router::new()\n    .route("/hives", get(list).post(add))\n    .route("/hives/:id", delete(drop));',
        "O GET /hives; O POST /hives; O DELETE /hives/:id",
        "E",
    ),
    (
        '@RestController\n@RequestMapping("/looms")\nclass LoomController {\n  @GetMapping List<Loom> all() { ... }\n'
        "  @PreAuthorize(\"hasAnyRole('WEAVER', 'DYER')\")\n"
        '  @PutMapping("/{id}/warp") void warp(@PathVariable long id) { ... }\n}',
        "O GET /looms; O PUT /looms/{id}/warp by WEAVER|DYER",
        "E",
    ),
    (
        "@Controller('kilns')\nexport class Kilns {\n  @Get() all() {}\n  @Roles('potter') @Post() add() {}\n}",
        "O GET /kilns; O POST /kilns by potter",
        "E",
    ),
    (
        '@app.get("/bees")\ndef bees(): ...\n\n@app.delete("/bees/{id}")\n@roles_required("keeper", "vet")\n'
        "def drop(id: int): ...",
        "O GET /bees by; O DELETE /bees/{id} by keeper|vet",
        "E",
    ),
    (
        'router.post("/ferries", auth, restrictTo("captain"), addFerry)\nrouter.get("/ferries", listFerries)',
        "O POST /ferries by captain; O GET /ferries by",
        "E",
    ),
    ("@app.post('/roles')\ndef set_role(name='cook'): ...", "O POST /roles by", "O POST /roles by cook"),
    ("We get 'thanks' a lot, and post \"cards\" at Easter.", "", "O GET /thanks; O POST /cards"),
]


@pytest.mark.parametrize(("text", "want", "never"), ROWS, ids=[text[:40] for text, _, _ in ROWS])
def test_routes_are_read_as_frameworks_register_them(text: str, want: str, never: str) -> None:
    """Each row gives its calls with their whole paths and roles, and no thing that the code only handles."""
    said = told(read([SourceText(source="answer:x", text=text, topic="api")], topics=TOPICS).facts)
    assert wanted(want) <= said
    assert not wanted(never) & said


def test_an_enum_below_annotated_classes_is_theirs() -> None:
    """Annotations on lines of their own belong to the class below, so that classes and enum are one text."""
    text = (
        "@Entity\npublic class Sail {\n  @Id private Long id;\n  @Enumerated(EnumType.STRING) private Cut cut;\n}\n"
        "enum Cut { LUG, GAFF }"
    )
    said = told(read([SourceText(source="answer:x", text=text, topic="data")], topics=TOPICS).facts)
    assert "f sail.cut enum lug|gaff" in said
    assert "e cut" not in said
