from kjpoll.cli import main

main()
