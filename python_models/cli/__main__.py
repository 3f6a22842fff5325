from python_models.cli import main

main()
